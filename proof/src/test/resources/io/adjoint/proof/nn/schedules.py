"""Schedules."""

import torch

from golden import schedule

one_cycle = torch.optim.lr_scheduler.OneCycleLR
schedule("OneCycle", lambda o: one_cycle(o, max_lr=0.7, total_steps=50), 50, max=0.7, steps=50)
schedule(
    "OneCycle", lambda o: one_cycle(o, max_lr=2.0, total_steps=17, pct_start=0.4, div_factor=10, final_div_factor=100), 17,
    max=2.0, steps=17, warmUp=0.4, divFactor=10, finalDivFactor=100,
)
schedule(
    "OneCycle", lambda o: one_cycle(o, max_lr=0.7, total_steps=50, base_momentum=0.8, max_momentum=0.97), 50, setting="momentum",
    max=0.7, steps=50, lowMomentum=0.8, highMomentum=0.97,
)
