"""Sets of pictures to measure on, and what is true of them.

A set is a folder of compose.py or draw.py (images.npy, masks.npy, index.json), or a folder of pictures of sound roads.
"""
import glob
import json
import os

import cv2
import numpy as np


class Entry:
    """One picture: its name, the pixels, the truth where it is known, and the damages that can be seen."""

    def __init__(self, name, image, planes=None, objects=()):
        self.name, self._image, self._planes = name, image, planes
        self.objects = [o for o in objects if o['seen'] and o.get('covered', 0) < .3]
        self._truth = {}

    def image(self):
        """RGB."""
        return cv2.imread(self._image)[..., ::-1] if isinstance(self._image, str) else np.array(self._image())

    def hint(self):
        """The driven road as traffic would show it: road, and what stands on it. None where unknown."""
        if self._planes is None:
            return None
        m = self._planes()
        return (m[2] > 127) | (m[3] > 127)

    def truth(self, w, h):
        """Grids of crack, pothole and ignored; None for pictures without labels, where every mark is false."""
        if self._planes is None:
            return None
        if (w, h) not in self._truth:
            m = self._planes()
            small = lambda b: cv2.resize(b.astype(np.uint8) * 255, (w, h), interpolation=cv2.INTER_AREA) > 20
            self._truth[w, h] = small(m[0] > 25), small(m[1] > 100), small(m[4] > 60)
        return self._truth[w, h]


def load(folder):
    """The entries of a set."""
    index = os.path.join(folder, 'index.json')
    if not os.path.exists(index):
        files = sorted(f for e in ('jpg', 'png') for f in glob.glob(os.path.join(folder, '*.' + e)))
        return [Entry(os.path.basename(f), f) for f in files]
    images, masks = (np.load(os.path.join(folder, n + '.npy'), mmap_mode='r') for n in ('images', 'masks'))
    with open(index) as f:
        info = json.load(f)['info']
    return [Entry(f'{d["view"]} {i}', lambda i=i: images[i], lambda i=i: np.array(masks[i]), d['objects']) for i, d in enumerate(info)]


def judge(marks, entry, w, h):
    """Marks each mark: right (at least 20 % of its cells are damage of any kind, with one cell of tolerance), unknown (ignored), or false."""
    t = entry.truth(w, h)
    if t is None:
        for d in marks:
            d['right'], d['kind right'] = 'no', False
        return marks
    crack, hole = (cv2.dilate(m.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0 for m in t[:2])
    for d in marks:
        c = d['ys'], d['xs']
        d['right'] = 'yes' if (crack | hole)[c].mean() >= .2 else 'unknown' if t[2][c].mean() >= .2 else 'no'
        d['kind right'] = (hole if d['kind'] == 'pothole' else crack)[c].mean() >= .2
    return marks


def touches(mark, box, w, h):
    """Does a mark have cells within a box in pixels of 1280 x 720?"""
    x0, y0, x1, y1 = box[0] / 1280 * w - 1, box[1] / 720 * h - 1, box[2] / 1280 * w + 1, box[3] / 720 * h + 1
    return bool(((mark['xs'] >= x0) & (mark['xs'] < x1) & (mark['ys'] >= y0) & (mark['ys'] < y1)).any())
