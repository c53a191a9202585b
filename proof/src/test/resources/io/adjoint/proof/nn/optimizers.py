"""Optimizers: the trajectory of two parameters for given gradients."""

import torch

from golden import optimizer

sgd, adam, rmsprop = torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop
optimizer("SGD", lambda p: sgd(p, lr=0.1), lr=0.1)
optimizer("SGD", lambda p: sgd(p, lr=0.1, weight_decay=0.2), lr=0.1, weightDecay=0.2)
optimizer(
    "SGD", lambda p: sgd(p, lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.1),
    lr=0.05, momentum=0.9, dampening=0.3, weightDecay=0.1,
)
optimizer("SGD", lambda p: sgd(p, lr=0.05, momentum=0.9, nesterov=True), lr=0.05, momentum=0.9, nesterov=True)
optimizer("Adam", lambda p: adam(p), lr=1e-3)
optimizer(
    "Adam", lambda p: adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    lr=0.1, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.1,
)
optimizer("RMSprop", lambda p: rmsprop(p), lr=0.01)
optimizer("RMSprop", lambda p: rmsprop(p, lr=0.02, alpha=0.9, eps=1e-3, weight_decay=0.1), lr=0.02, alpha=0.9, eps=1e-3, weightDecay=0.1)
optimizer("RMSprop", lambda p: rmsprop(p, lr=0.02, momentum=0.8), lr=0.02, momentum=0.8)
optimizer("RMSprop", lambda p: rmsprop(p, lr=0.02, alpha=0.9, centered=True), lr=0.02, alpha=0.9, centred=True)
optimizer(
    "RMSprop", lambda p: rmsprop(p, lr=0.02, alpha=0.9, momentum=0.5, centered=True, weight_decay=0.2),
    lr=0.02, alpha=0.9, momentum=0.5, centred=True, weightDecay=0.2,
)
optimizer("SGD", lambda p: sgd(p, lr=0.05, momentum=0.9, maximize=True), lr=0.05, momentum=0.9, maximize=True)

adamw = torch.optim.AdamW
optimizer("Adam", lambda p: adam(p, lr=0.05, amsgrad=True, betas=(0.8, 0.9)), lr=0.05, amsgrad=True, beta1=0.8, beta2=0.9)
optimizer("Adam", lambda p: adam(p, lr=0.05, maximize=True, weight_decay=0.1), lr=0.05, maximize=True, weightDecay=0.1)
optimizer("AdamW", lambda p: adamw(p), lr=1e-3)
optimizer(
    "AdamW", lambda p: adamw(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3),
    lr=0.1, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.3,
)
optimizer(
    "AdamW", lambda p: adamw(p, lr=0.1, betas=(0.8, 0.95), amsgrad=True, maximize=True),
    lr=0.1, beta1=0.8, beta2=0.95, amsgrad=True, maximize=True,
)
