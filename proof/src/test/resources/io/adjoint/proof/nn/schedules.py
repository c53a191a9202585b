"""Schedules."""

import torch

from golden import plateau, schedule

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

S = torch.optim.lr_scheduler
schedule("OneCycle", lambda o: one_cycle(o, max_lr=0.7, total_steps=30, anneal_strategy="linear"), 30, max=0.7, steps=30, linear=True)
schedule("OneCycle", lambda o: one_cycle(o, max_lr=0.7, total_steps=41, three_phase=True), 41, max=0.7, steps=41, threePhase=True)
schedule(
    "OneCycle",
    lambda o: one_cycle(o, max_lr=0.7, total_steps=41, pct_start=0.25, three_phase=True, anneal_strategy="linear"),
    41, max=0.7, steps=41, warmUp=0.25, threePhase=True, linear=True,
)
schedule(
    "OneCycle", lambda o: one_cycle(o, max_lr=0.7, total_steps=41, three_phase=True), 41, setting="momentum",
    max=0.7, steps=41, threePhase=True, lowMomentum=0.85, highMomentum=0.95,
)
schedule("Constant", lambda o: S.ConstantLR(o), 12, value=1, factor=1 / 3, steps=5)
schedule("Constant", lambda o: S.ConstantLR(o, factor=0.2, total_iters=1), 4, value=1, factor=0.2, steps=1)
schedule("StepDecay", lambda o: S.StepLR(o, 4), 13, value=1, every=4)
schedule("StepDecay", lambda o: S.StepLR(o, 3, gamma=0.7), 13, value=1, every=3, gamma=0.7)
schedule("MultiStepDecay", lambda o: S.MultiStepLR(o, [3, 8]), 13, value=1, milestones=[3, 8])
schedule("MultiStepDecay", lambda o: S.MultiStepLR(o, [9, 2, 5, 5], gamma=0.5), 13, value=1, milestones=[9, 2, 5, 5], gamma=0.5)
schedule("ExponentialDecay", lambda o: S.ExponentialLR(o, 0.9), 20, value=1, gamma=0.9)
schedule("PolynomialDecay", lambda o: S.PolynomialLR(o), 12, value=1, steps=5)
schedule("PolynomialDecay", lambda o: S.PolynomialLR(o, total_iters=9, power=2.5), 20, value=1, steps=9, power=2.5)
schedule("LinearRamp", lambda o: S.LinearLR(o), 12, value=1)
schedule(
    "LinearRamp", lambda o: S.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=8), 18,
    value=1, start=1, end=0.1, steps=8,
)
schedule("CosineAnnealing", lambda o: S.CosineAnnealingLR(o, 7), 32, value=1, steps=7)
schedule("CosineAnnealing", lambda o: S.CosineAnnealingLR(o, 10, eta_min=0.05), 45, value=1, steps=10, min=0.05)
schedule("CosineRestarts", lambda o: S.CosineAnnealingWarmRestarts(o, 6), 20, value=1, steps=6)
schedule(
    "CosineRestarts", lambda o: S.CosineAnnealingWarmRestarts(o, 3, T_mult=2, eta_min=0.01), 50,
    value=1, steps=3, mult=2, min=0.01,
)
schedule("Cyclic", lambda o: S.CyclicLR(o, 0.1, 0.9, step_size_up=4), 25, min=0.1, max=0.9, up=4, down=4)
schedule(
    "Cyclic", lambda o: S.CyclicLR(o, 0.1, 0.9, step_size_up=4, step_size_down=7, mode="triangular2"), 36,
    min=0.1, max=0.9, up=4, down=7, mode="HALVING",
)
schedule(
    "Cyclic", lambda o: S.CyclicLR(o, 0.1, 0.9, step_size_up=3, step_size_down=5, mode="exp_range", gamma=0.93), 30,
    min=0.1, max=0.9, up=3, down=5, mode="EXPONENTIAL", gamma=0.93,
)
schedule(
    "Cyclic", lambda o: S.CyclicLR(o, 0.1, 0.9, step_size_up=4, mode="triangular2"), 25, setting="momentum",
    min=0.1, max=0.9, up=4, down=4, mode="HALVING", lowMomentum=0.8, highMomentum=0.9,
)
schedule(
    "InverseSquareRoot", lambda o: S.LambdaLR(o, lambda t: 64**-0.5 * min((t + 1) ** -0.5, (t + 1) * 10**-1.5)), 40,
    width=64, warmUp=10,
)
schedule(
    "WarmUp", lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.25, total_iters=5), S.CosineAnnealingLR(o, 9)], milestones=[5]), 30,
    steps=5, start=0.25, of="cosine", period=9,
)
schedule(
    "WarmUp", lambda o: S.SequentialLR(o, [S.LinearLR(o, 1e-12, total_iters=4), S.ExponentialLR(o, 0.9)], milestones=[4]), 20,
    steps=4, start=1e-12, of="exponential", gamma=0.9,
)
schedule(
    "Schedule",
    lambda o: S.SequentialLR(
        o, [S.ConstantLR(o, 0.5, total_iters=100), S.ExponentialLR(o, 0.9), S.StepLR(o, 3)], milestones=[4, 10]
    ),
    25, form="then",
)
schedule("Schedule", lambda o: S.ChainedScheduler([S.LinearLR(o), S.ExponentialLR(o, 0.9), S.StepLR(o, 4, 0.5)]), 20, form="times")

losses = (torch.rand(60) * 0.1 + torch.linspace(1, 0.2, 60)).tolist()
plateau([1.0] * 40)
plateau(losses, patience=1, factor=0.5)
plateau(losses, patience=0, factor=0.5, threshold=0.05, cooldown=3, min_lr=0.02)
plateau(losses, patience=1, factor=0.3, threshold=0.03, threshold_mode="abs", cooldown=1)
plateau(losses[::-1], mode="max", patience=1, factor=0.6, threshold=0.02)
plateau(losses[::-1], mode="max", patience=2, factor=0.6, threshold=0.02, threshold_mode="abs", eps=0.1)
