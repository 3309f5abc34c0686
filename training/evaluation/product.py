"""The product's road and damage logic (src/damage/builtin: roadOf, findDamage) in Python, for maps of any version of the model.

`V1` are the product's constants of road-damage 1.1, `V2` the starting point from which `evaluate.py choose` looks for those of 2.x.
"""
import cv2
import numpy as np

V1 = {'size': [768, 480], 'p_low': .8, 'p_high': .9, 'p_score': .976, 'p_min': 2 / (128 * 80), 'c_low': .7, 'c_high': .8, 'c_min': 30 / (192 * 120),
      'reach': 1, 'ruled_bend': .035, 'ruled_thick': 3, 'c_score': 0, 'vehicle': None}
V2 = {**V1, 'size': [1152, 640], 'p_low': .4, 'p_high': .6, 'p_score': .6, 'p_min': 6 / (288 * 160), 'c_low': .5, 'c_high': .7, 'c_min': 30 / (288 * 160),
      'c_score': .7, 'vehicle': .5}


def stretch(mask, w, h):
    """A mask on another grid, nearest as in mask.ts."""
    H, W = mask.shape
    return mask[(np.arange(h) * H) // h][:, (np.arange(w) * W) // w]


def road_of(maps, hint=None):
    """Bool grid of the road: the driven road as far as the model agrees, else the model's own."""
    lane = maps['lane'] >= .5
    if hint is None:
        return lane
    h, w = lane.shape
    return stretch(hint, w, h) & (cv2.dilate(lane.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def main_axis(xs, ys):
    """Length of a region along its main axis, and how far it strays from that axis."""
    x, y = xs - xs.mean(), ys - ys.mean()
    a = np.arctan2(2 * (x * y).sum(), (x * x).sum() - (y * y).sum()) / 2
    c, s = np.cos(a), np.sin(a)
    along, across = x * c + y * s, y * c - x * s
    return along.max() - min(along.min(), 0) + 1 if along.max() > 0 else 1 - along.min(), np.sqrt((across ** 2).mean())


def regions(mask, values):
    """8-connected regions: (ys, xs, values)."""
    n, lab, st, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    for j in range(1, n):
        x, y, w, h, _ = st[j]
        ys, xs = np.where(lab[y:y + h, x:x + w] == j)
        yield ys + y, xs + x, values[ys + y, xs + x]


def score_of(v):
    """Mean of the top quarter."""
    v = np.sort(v)
    return float(v[-max(1, len(v) // 4):].mean())


def find(maps, road, c, only=None):
    """Marks: dicts of kind, box (0..1), score, and the cells' ys and xs. `only`: one kind."""
    out = []
    h, w = road.shape
    pothole, crack = maps['pothole'], maps['crack']
    if c.get('vehicle') is not None and 'vehicle' in maps:  # what a vehicle hides is no road
        road = road & (cv2.dilate((maps['vehicle'] >= c['vehicle']).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0)
    m = (pothole >= c['p_low']).astype(np.uint8)
    k = np.ones((3, 3), np.uint8)
    m = cv2.erode(cv2.dilate(m, k), k, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    for ys, xs, v in regions(m, pothole) if only != 'crack' else ():
        if v.max() < c['p_high'] or len(v) < round(c['p_min'] * h * w):
            continue
        s = score_of(v)
        if s < c['p_score'] or not road[(ys.min() + ys.max() + 1) // 2, (xs.min() + xs.max() + 1) // 2]:
            continue
        out.append({'kind': 'pothole', 'ys': ys, 'xs': xs, 'score': s})
    hot = (crack * road >= c['c_low'])
    reach = c['reach']
    for ys, xs, _ in () if only == 'pothole' else regions(cv2.dilate(hot.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)), crack):
        ok = hot[ys, xs]
        ys, xs = ys[ok], xs[ok]
        v = crack[ys, xs]
        if not len(v) or v.max() < c['c_high'] or len(v) < c['c_min'] * h * w or score_of(v) < c['c_score']:
            continue
        length, bend = main_axis(xs.astype(float), ys.astype(float))
        if bend < c['ruled_bend'] * length and len(v) < c['ruled_thick'] * length:
            continue
        out.append({'kind': 'crack', 'ys': ys, 'xs': xs, 'score': score_of(v)})
    for d in out:
        d['box'] = (d['xs'].min() / w, d['ys'].min() / h, (d['xs'].max() + 1) / w, (d['ys'].max() + 1) / h)
    return out
