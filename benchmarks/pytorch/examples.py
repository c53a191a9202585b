"""Epochs of the examples in PyTorch: python3 examples.py THREADS [EXAMPLE ...]

Prints example, dtype and seconds of the fastest epoch, what the example tracks after it included. Models, batches, optimizers,
schedules and numbers of epochs are those of the Java examples; inputs are random, of the same shapes and lengths.
"""

import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy, l1_loss
from torch.nn.utils.rnn import pad_sequence

# Texts to train with, and those held out, by length; names with the token before them.
NAMES = {
    4: 18, 5: 37, 6: 49, 7: 79, 8: 76, 9: 117, 10: 165, 11: 195, 12: 202, 13: 231, 14: 212, 15: 210, 16: 205, 17: 218, 18: 196,
    19: 197, 20: 171, 21: 136, 22: 144, 23: 98, 24: 85, 25: 71, 26: 70, 27: 64, 28: 53, 29: 36, 30: 23, 31: 25, 32: 29, 33: 13,
    34: 6, 35: 5, 36: 5, 37: 2, 39: 1, 40: 1, 41: 3, 43: 1, 44: 2, 54: 1, 55: 1, 57: 2, 58: 1,
}
NAMES_HELD_OUT, LONGEST_HELD_OUT = 384, 45
NAME_LETTERS, LONGEST_NAME = 64, 100
DATES = {
    10: 1099, 11: 1826, 12: 1622, 13: 607, 14: 618, 15: 1145, 16: 884, 17: 404, 18: 285, 19: 370, 20: 335, 21: 387, 22: 424,
    23: 414, 24: 405, 25: 268, 26: 207, 27: 151, 28: 109, 29: 74, 30: 69, 31: 61, 32: 61, 33: 38, 34: 44, 35: 38, 36: 31, 37: 22,
    38: 2,
}
DATE_LETTERS, LONGEST_DATE = 64, 60
ISO_LETTERS, ISO = 12, 10


def shuffled(size, batch):
    return torch.randperm(size).split(batch)


def texts(lengths, letters):
    return [torch.randint(1, letters, (length,)) for length, count in lengths.items() for _ in range(count)]


def training(net, optimizer, batches, loss, evaluate, schedule=None, rate=None, clip=False):
    """An epoch: a step for each batch, the next rate after each step or after all, and then what is tracked."""

    def epoch():
        net.train()
        total = 0
        for batch in batches():
            optimizer.zero_grad()
            value = loss(*batch)
            value.backward()
            if clip:
                nn.utils.clip_grad_norm_(net.parameters(), 1)
            optimizer.step()
            if rate:
                rate.step()
            total += value.item()
        if schedule:
            schedule.step()
        net.eval()
        with torch.no_grad():
            evaluate()

    return epoch


def fashion(epochs):
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Dropout(0.25), nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10),
    )
    x, y = torch.rand(6000, 1, 28, 28), torch.randint(0, 10, (6000,))
    held_out, classes = torch.rand(1000, 1, 28, 28), torch.randint(0, 10, (1000,))
    optimizer = torch.optim.Adam(net.parameters(), 2e-3)
    return training(
        net,
        optimizer,
        lambda: ((x[some], y[some]) for some in shuffled(len(x), 64)),
        lambda x, y: cross_entropy(net(x), y),
        lambda: sum((net(x).argmax(1) == y).sum().item() for x, y in zip(held_out.split(500), classes.split(500))),
        schedule=torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs),
    )


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.dropout = nn.Embedding(NAME_LETTERS, 32), nn.Dropout(0.2)
        self.lstm, self.output = nn.LSTM(32, 128, batch_first=True), nn.Linear(128, NAME_LETTERS)

    def forward(self, text):
        return self.output(self.dropout(self.lstm(self.dropout(self.embedding(text)))[0]))


class Letters(nn.Module):
    """The vectors of letters and of their positions, added up."""

    def __init__(self, letters, longest):
        super().__init__()
        self.embedding, self.positions = nn.Embedding(letters, 64), nn.Parameter(torch.randn(longest, 64))

    def forward(self, text):
        return (self.embedding(text) + self.positions[: text.shape[1]]) * 0.3


def causal(length):
    return nn.Transformer.generate_square_subsequent_mask(length)


def encoder(dropout):
    layer = nn.TransformerEncoderLayer(64, 4, 256, dropout, norm_first=True, batch_first=True)
    return nn.TransformerEncoder(layer, 2, nn.LayerNorm(64), enable_nested_tensor=False)


class Attentive(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters, self.encoder = Letters(NAME_LETTERS, LONGEST_NAME), encoder(0.1)
        self.output = nn.Linear(64, NAME_LETTERS)

    def forward(self, text):
        return self.output(self.encoder(self.letters(text), mask=causal(text.shape[1]), is_causal=True))


def names(epochs, net, max_rate):
    train = texts(NAMES, NAME_LETTERS)
    # The last letter is the end, which is only a target.
    held_out = torch.randint(0, NAME_LETTERS, (NAMES_HELD_OUT, LONGEST_HELD_OUT))

    def batches():
        for some in shuffled(len(train), 32):
            yield (
                pad_sequence([train[k] for k in some], batch_first=True),
                pad_sequence([train[k] for k in some], batch_first=True, padding_value=-100),
            )

    def loss(x, y):
        return cross_entropy(net(x).flatten(0, 1), y.flatten())

    optimizer = torch.optim.AdamW(net.parameters(), max_rate)
    steps = epochs * len(shuffled(len(train), 32))
    return training(
        net,
        optimizer,
        batches,
        loss,
        lambda: loss(held_out, held_out).item(),
        rate=torch.optim.lr_scheduler.OneCycleLR(optimizer, max_rate, steps),
        clip=True,
    )


class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.memory, self.output = nn.LSTM(6, 32, batch_first=True), nn.Linear(32, 1)

    def forward(self, days):
        return self.output(self.memory(days)[1][0][0]).squeeze(1)


def weather(epochs):
    net = Forecast()
    x, y = torch.randn(1082, 14, 6), torch.randn(1082)
    held_out, changes = torch.randn(365, 14, 6), torch.randn(365)
    optimizer = torch.optim.Adam(net.parameters(), 3e-3)
    return training(
        net,
        optimizer,
        lambda: ((x[some], y[some]) for some in shuffled(len(x), 32)),
        lambda x, y: l1_loss(net(x), y),
        lambda: l1_loss(net(held_out), changes).item(),
        schedule=torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs),
    )


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.source, self.target = Letters(DATE_LETTERS, LONGEST_DATE), Letters(ISO_LETTERS, ISO)
        self.encoder = encoder(0.0)
        layer = nn.TransformerDecoderLayer(64, 4, 256, 0.0, norm_first=True, batch_first=True)
        self.decoder = nn.TransformerDecoder(layer, 1, nn.LayerNorm(64))
        self.output = nn.Linear(64, ISO_LETTERS)

    def forward(self, text, padding, letters):
        memory = self.encoder(self.source(text), src_key_padding_mask=padding)
        decoded = self.decoder(
            self.target(letters), memory, causal(ISO), memory_key_padding_mask=padding, tgt_is_causal=True
        )
        return self.output(decoded)


def translate(epochs):
    net, train = Translator(), texts(DATES, DATE_LETTERS)
    isos = torch.randint(1, ISO_LETTERS, (len(train), ISO))

    def batches():
        for some in shuffled(len(train), 64):
            text = pad_sequence([train[k] for k in some], batch_first=True)
            yield text, text == 0, isos[some]

    def loss(text, padding, iso):
        before = torch.cat([torch.zeros(len(iso), 1, dtype=torch.long), iso[:, :-1]], 1)
        return cross_entropy(net(text, padding, before).flatten(0, 1), iso.flatten())

    optimizer = torch.optim.Adam(net.parameters(), 3e-3)
    steps = epochs * len(shuffled(len(train), 64))
    return training(
        net,
        optimizer,
        batches,
        loss,
        lambda: None,
        rate=torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, steps),
        clip=True,
    )


# By name: the number of epochs, and a function of it that returns an epoch.
EXAMPLES = {
    "Fashion": (8, fashion),
    "Names": (12, lambda epochs: names(epochs, Recurrent(), 5e-3)),
    "Names --transformer": (10, lambda epochs: names(epochs, Attentive(), 3e-3)),
    "Weather": (20, weather),
    "Translate": (6, translate),
}


def seconds(epoch):
    start = time.perf_counter()
    epoch()
    return time.perf_counter() - start


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    for dtype in torch.float64, torch.float32:
        torch.set_default_dtype(dtype)
        for name in sys.argv[2:] or EXAMPLES:
            epochs, prepare = EXAMPLES[name]
            epoch = prepare(epochs)
            best = min(seconds(epoch) for _ in range(epochs))
            print(name, str(dtype).removeprefix("torch."), f"{best:.3f}", sep="\t", flush=True)
