#!/usr/bin/env python3
"""Step 6: damage, and innocent things, on real empty roads of fixed cameras.

Each picture is a random zoom of a view of views.py (views of one split only), with things of paint.py on the driven road and,
often, vehicles cut from the same or another view of the split. About 40 % show no painted damage; a share of --plain shows the
empty road or the traffic of the first frame as it is. Real damage of the views (labels.json) is labelled wherever it shows.
Writes, at 1280 x 720,
  OUT/images.npy uint8 (N, 720, 1280, 3), OUT/masks.npy uint8 (N, 5, 180, 320): crack, pothole, lane, vehicle, ignore,
  OUT/index.json: split ('train' or 'val'), view, and the damages with distance, size and whether they can be seen.

    python3 compose.py --views views/views.pkl --bank bank/bank_train.pkl --split train --count 1500 --out composites
    python3 compose.py --views views/views.pkl --split val --as-is --out plain_val       (nothing painted, no zoom)
"""
import argparse
import json
import os
import pickle
import zlib
from multiprocessing import Pool

import cv2
import numpy as np

import paint

W, H = 1280, 720
VIEWS, BANK, ROADS, LABELS, PLAIN, AS_IS = [], {}, None, {}, 0., False  # set once by main, inherited by the processes


class RealScene:
    """A zoom of a real view, with its ground plane. `whole`: no zoom; `first`: the first frame with its traffic, not the empty road."""

    def __init__(self, rng, view, whole=False, first=False):
        self.rng = rng
        for _ in range(20):
            z = 1.0 if whole else float(np.exp(rng.uniform(0, .65))) if rng.random() < .75 else 1.0
            ox, oy = rng.uniform(0, W - W / z), (H - H / z) * rng.uniform(.2, 1)
            A = np.float64([[z, 0, -ox * z], [0, z, -oy * z]])
            drv = cv2.warpAffine(cv2.resize(view['driven'] * 255, (W, H), interpolation=cv2.INTER_LINEAR), A, (W, H)) > 127
            if drv.mean() > .15:
                break
        self.A, self.z = A, z
        self.img = cv2.warpAffine(view['first' if first else 'empty'], A, (W, H), flags=cv2.INTER_CUBIC if z > 1 else cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
        self.k, self.hor = view['k'], (view['horizon'] - oy) * z
        self.f, self.u0, v0 = rng.uniform(1050, 1650) * z, (W / 2 - ox) * z, (H / 2 - oy) * z
        self.phi = np.arctan2(v0 - self.hor, self.f)  # tilt
        self.h = np.cos(self.phi) / self.k
        v, u = np.mgrid[0:H, 0:W].astype(np.float32)
        below = np.maximum(v - self.hor, 2)
        d = self.f / (self.k * below)  # depth along the axis
        self.X, self.Z = (u - self.u0) * d / self.f, d / np.cos(self.phi) - self.h * np.tan(self.phi)
        self.foot = np.clip(d / below / np.cos(self.phi), 1e-4, 20)
        self.driven = drv
        self.road = drv & (v > self.hor + 6)
        inner = cv2.erode(self.road.astype(np.uint8), np.ones((5, 9), np.uint8)) > 0
        ys, xs = np.where(inner[::4, ::4] & (self.foot[::4, ::4] < .8))
        self.seen = np.stack([self.X[::4, ::4][ys, xs], self.Z[::4, ::4][ys, xs]], 1)
        self.rows = ys
        self.along = np.pi / 2 + rng.normal(0, .12)
        self.crack, self.hole, self.ignore, self.vehicle, self.stand = (np.zeros((H, W), np.uint8) for _ in range(5))
        self.objects = []
        self.label(LABELS.get(view['name'], {}))
        if first:
            self.traffic(view)

    def label(self, real):
        """Real damage of the view, marked by eye: cracks and potholes are damage, doubtful places are ignored."""
        move = lambda p: np.round((np.float64(p) @ self.A[:, :2].T + self.A[:, 2]) * 16).astype(np.int32)
        for p in real.get('crack', []) + real.get('unsure', []):
            cv2.polylines(self.ignore, [move(p)], False, 255, int(12 * self.z), cv2.LINE_8, 4)
        for p in real.get('crack', []):
            cv2.polylines(self.crack, [move(p)], False, 255, int(np.ceil(3.5 * self.z)), cv2.LINE_8, 4)
            self.note('crack', move(p) / 16)
        box = lambda b: move([[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]]])
        for b in real.get('ignore', []):
            cv2.fillPoly(self.ignore, [box(b)], 255, cv2.LINE_8, 4)
        for b in real.get('pothole', []):
            c = move([[(b[0] + b[2]) / 2, (b[1] + b[3]) / 2]])[0]
            cv2.ellipse(self.hole, tuple(map(int, c)), (int((b[2] - b[0]) * 8 * self.z), int((b[3] - b[1]) * 8 * self.z)), 0, 0, 360, 255, -1, cv2.LINE_8, 4)
            self.note('pothole', box(b) / 16)
        self.ignore[(self.crack > 0) | (self.hole > 0)] = 0

    def note(self, kind, q):
        """List a labelled damage by its outline in pixels, if it is in the picture."""
        (x0, y0), (x1, y1) = q.min(0).clip(0, [W, H]), q.max(0).clip(0, [W, H])
        if x1 - x0 > 3 and y1 - y0 > 3:
            z, wide = self.f / (self.k * max(2, (y0 + y1) / 2 - self.hor)), (x1 - x0) / max(1, self.k * ((y0 + y1) / 2 - self.hor))
            self.objects.append({'kind': kind, 'name': 'labelled', 'box': [int(x0), int(y0), int(x1), int(y1)], 'z': round(float(z), 1), 'size': round(float(wide), 2), 'seen': True})

    def traffic(self, view):
        """Vehicles of the first frame: labelled where they were cut out, ignored where only their box is known."""
        for x0, y0, x1, y1 in view['boxes']:
            b = np.round(np.float64([[x0, y0], [x1, y1]]) * self.z + self.A[:, 2]).astype(int).clip(-4000, 4000)
            cv2.rectangle(self.ignore, tuple(map(int, b[0])), tuple(map(int, b[1])), 255, -1)
        moved = np.abs(view['first'].astype(np.float32) - view['empty']).max(2)
        moved = cv2.dilate((cv2.GaussianBlur(moved, (0, 0), 1.5) > 18).astype(np.uint8), np.ones((7, 7), np.uint8))
        self.ignore |= (cv2.warpAffine(moved * 255, self.A, (W, H)) > 127).astype(np.uint8) * 255
        for _, m, x0, y0 in view['vehicles']:
            T = self.A.copy()
            T[:, 2] += self.A[:, :2] @ [x0, y0]
            self.vehicle |= (cv2.warpAffine(m * 255, T, (W, H)) > 127).astype(np.uint8) * 255
        self.crack[self.vehicle > 0] = 0
        self.hole[self.vehicle > 0] = 0

    def P(self, p, y=0.):
        """Ground points (m) at height y -> pixels, depth."""
        p = np.asarray(p, float)
        d = np.maximum(p[:, 1] * np.cos(self.phi) + (self.h - y) * np.sin(self.phi), .3)
        fall = ((self.h - y) * np.cos(self.phi) - p[:, 1] * np.sin(self.phi))
        v0 = self.hor + self.f * np.tan(self.phi)
        return np.clip(np.stack([self.u0 + p[:, 0] * self.f / d, v0 + self.f * fall / d], 1), -6000, 6000), d

    def depth(self, c):
        return float(self.P(np.asarray(c)[None])[1][0])

    def spot(self):
        """A point of the road: half by picture area, half evenly over the rows, so that far ones occur."""
        if self.rng.random() < .5:
            return self.seen[self.rng.integers(len(self.seen))]
        r = self.rng.choice(np.unique(self.rows))
        k = np.where(self.rows == r)[0]
        return self.seen[self.rng.choice(k)]


def add_vehicles(S, view, most):
    """Paste vehicles of the view where they were, or of another view where their size fits."""
    rng = S.rng
    for _ in range(int(rng.integers(1, most + 1))):
        v = view if rng.random() < .7 else VIEWS[rng.integers(len(VIEWS))]
        if not v['vehicles']:
            continue
        rgb, m, x0, y0 = v['vehicles'][rng.integers(len(v['vehicles']))]
        h, w = m.shape
        if v is view:
            T = S.A.copy()
            T[:, 2] += S.A[:, :2] @ [x0, y0]
        else:
            px = v['k'] * (y0 + h - v['horizon'])  # px per metre there
            ys, xs = np.where(S.road[::8, ::8])
            if not len(ys) or px <= 0:
                continue
            i = rng.integers(len(ys))
            s = S.k * (ys[i] * 8 - S.hor) / px * (rng.uniform(1, 2.5) if rng.random() < .35 else 1)  # some nearer than any camera of ours
            if not .2 < s < 4:
                continue
            fl = rng.choice([-1, 1])
            T = np.float64([[s * fl, 0, xs[i] * 8 - s * fl * w / 2], [0, s, ys[i] * 8 - s * h]])
            rgb = np.clip(rgb.astype(np.float32) * (S.img[S.road].mean() / max(20, v['empty'][::4, ::4].mean())) ** .5, 0, 255)
        al = cv2.warpAffine(cv2.GaussianBlur(m * 255, (0, 0), .8), T, (W, H)).astype(np.float32) / 255
        b = paint.bounds((al > .02).astype(np.uint8), 1)
        if b is None:
            continue
        im = cv2.warpAffine(rgb.astype(np.float32), T, (W, H), borderMode=cv2.BORDER_REPLICATE)[b]
        if v is not view and rng.random() < .8:  # its shadow
            c = paint.bounds((al > .5).astype(np.uint8), 0)
            if c is not None:
                cy, cx, hw = c[0].stop - 2, (c[1].start + c[1].stop) / 2, (c[1].stop - c[1].start) / 2
                sh = np.zeros((H, W), np.uint8)
                cv2.ellipse(sh, (int(cx + rng.normal(0, .3) * hw), int(cy)), (int(hw * 1.1), int(max(2, hw * .3))), 0, 0, 360, 255, -1)
                S.img *= 1 - (cv2.GaussianBlur(sh, (0, 0), max(1, hw * .08)).astype(np.float32) / 255 * rng.uniform(.3, .6))[..., None]
        S.img[b] = S.img[b] * (1 - al[b][..., None]) + im * al[b][..., None]
        hit = (al > .5).astype(np.uint8)
        S.vehicle |= hit * 255
        for p in (S.crack, S.hole):
            p &= ~(hit * 255)
        S.ignore &= ~(hit * 255)


def ghosts(S, view):
    """What is left of vehicles in an empty road that is not quite empty: faint, smeared copies. Not labelled."""
    rng = S.rng
    for _ in range(int(rng.integers(1, 6))):
        v = view if rng.random() < .8 else VIEWS[rng.integers(len(VIEWS))]
        if not v['vehicles']:
            continue
        rgb, m, x0, y0 = v['vehicles'][rng.integers(len(v['vehicles']))]
        T = S.A.copy()
        T[:, 2] += S.A[:, :2] @ [x0 + rng.normal(0, 15), y0 + rng.normal(0, 8)]
        al = cv2.warpAffine(cv2.GaussianBlur(m * 255, (0, 0), 2), T, (W, H)).astype(np.float32) / 255 * rng.uniform(.08, .45)
        im = cv2.warpAffine(rgb.astype(np.float32), T, (W, H), borderMode=cv2.BORDER_REPLICATE)
        k = int(rng.integers(1, 12))
        al, im = cv2.blur(al, (1 + k // 2, 2 * k + 1)), cv2.blur(im, (1 + k // 2, 2 * k + 1))
        S.img = S.img * (1 - al[..., None]) + im * al[..., None]


def cells(p):
    return cv2.resize(p, (W // 4, H // 4), interpolation=cv2.INTER_AREA)


def one(args):
    """Picture number i."""
    i, split, seed = args
    cv2.setNumThreads(1)
    rng = np.random.default_rng([seed, i])
    view = VIEWS[i % len(VIEWS)]
    if AS_IS:
        return done(i, RealScene(rng, view, True, i >= len(VIEWS)), view)
    bare = rng.random() < PLAIN  # nothing painted: the empty road or the first frame as it is
    S = RealScene(rng, view, (split == 'test' or bare) and rng.random() < .5, bare and rng.random() < .5)
    if bare:
        return done(i, S, view)
    sound = rng.random() < .4
    if rng.random() < .75:
        paint.innocent(S, BANK, 1 if not sound else 1.3)
    if not sound:
        paint.damage(S, BANK, 1.3)
    if rng.random() < (.5 if sound else .35):
        for _ in range(int(rng.integers(1, 3))):
            paint.cast(S)
    S.img = np.clip(S.img, 0, 255)
    if rng.random() < .3:
        ghosts(S, view)
    if rng.random() < .5:
        add_vehicles(S, view, 5)
    for _ in range(int(rng.integers(1, 4)) if rng.random() < .25 else 0):
        paint.posts(S)
    if rng.random() < .1:
        paint.text(S)
    return done(i, S, view)


def done(i, S, view):
    """Label planes and picture of a finished scene."""
    lane = S.driven.astype(np.uint8) * 255
    near = cv2.dilate(lane, np.ones((25, 41), np.uint8))
    S.ignore |= (near & ~lane)  # the edge of the driven road: road, but nobody drove there
    other = ROADS[view['name']] if ROADS is not None else None
    if other is not None:  # beside the driven road, what 1.1 takes for road
        beside = cv2.resize(cv2.dilate(cells(lane), np.ones((49, 49), np.uint8)), (W, H)) > 0
        S.ignore |= ((cv2.warpAffine(other, S.A, (W, H)) > 127) & (near == 0) & beside).astype(np.uint8) * 255
    S.ignore &= ~S.vehicle
    lane[S.stand > 0] = 0
    S.ignore[S.stand > 0] = 0
    for o in S.objects:  # what a vehicle covers cannot be seen
        x0, y0, x1, y1 = o['box']
        o['covered'] = round(float((S.vehicle[y0:y1, x0:x1] > 0).mean()), 2)
    return i, np.clip(S.img, 0, 255).astype(np.uint8), np.stack([cells(p) for p in (S.crack, S.hole, lane & ~S.vehicle, S.vehicle, S.ignore)]), {'view': view['name'], 'objects': S.objects, 'zoom': round(S.z, 2)}


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--views', required=True, help='views.pkl of views.py')
    a.add_argument('--bank', help='bank_train.pkl or bank_val.pkl of bank.py')
    a.add_argument('--half', type=int, choices=(0, 1), help='use only every second cut-out of the bank')
    a.add_argument('--road', help='npz of road maps by view (road_maps.py): undriven road is ignored, not called no road')
    a.add_argument('--split', default='train', choices=('train', 'val', 'test'), help='views to use')
    a.add_argument('--count', type=int, default=1500)
    a.add_argument('--seed', type=int, default=1)
    a.add_argument('--jobs', type=int, default=2)
    a.add_argument('--out', required=True)
    a.add_argument('--labels', help='labels.json: real damage of the views')
    a.add_argument('--covers', help='covers.pkl of covers.py: real covers and drains to paste')
    a.add_argument('--plain', type=float, default=0, help='share of pictures with nothing painted')
    a.add_argument('--as-is', action='store_true', help='each view once empty and once with traffic, nothing painted, no zoom')
    a = a.parse_args()
    global VIEWS, BANK, ROADS, LABELS, PLAIN, AS_IS
    with open(a.views, 'rb') as f:
        VIEWS = [v for v in pickle.load(f) if v['split'] == a.split]
    if not a.bank and not a.as_is:
        raise SystemExit('--bank is needed to paint damage')
    if a.bank:
        with open(a.bank, 'rb') as f:
            BANK = pickle.load(f)
    if a.half is not None:
        BANK = {k: v[a.half::2] for k, v in BANK.items()}
    if a.covers:
        with open(a.covers, 'rb') as f:
            BANK['cover'] = pickle.load(f)
    if a.labels:
        with open(a.labels) as f:
            LABELS = json.load(f)['pictures']
    PLAIN, AS_IS = a.plain, a.as_is
    if AS_IS:
        a.count = 2 * len(VIEWS)
    if a.road:
        ROADS = dict(np.load(a.road))
    os.makedirs(a.out, exist_ok=True)
    images = np.lib.format.open_memmap(os.path.join(a.out, 'images.npy'), 'w+', np.uint8, (a.count, H, W, 3))
    masks = np.lib.format.open_memmap(os.path.join(a.out, 'masks.npy'), 'w+', np.uint8, (a.count, 5, H // 4, W // 4))
    info = [None] * a.count
    seed = a.seed * 10 + zlib.crc32(a.split.encode()) % 7
    with Pool(a.jobs) as pool:
        for i, img, m, d in pool.imap_unordered(one, [(i, a.split, seed) for i in range(a.count)], chunksize=2):
            images[i], masks[i], info[i] = img, m, d
            if i % 100 == 0:
                print(i, flush=True)
    with open(os.path.join(a.out, 'index.json'), 'w') as f:
        json.dump({'split': ['train' if a.split == 'train' else 'val'] * a.count, 'info': info}, f, default=float)


if __name__ == '__main__':
    main()
