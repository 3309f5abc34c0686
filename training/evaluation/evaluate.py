#!/usr/bin/env python3
"""Measure versions of the model side by side, with the product's own region logic (product.py). Needs OpenCV and numpy only.

    evaluate.py maps      --model 2.1=road-damage.onnx --set val=work/val --set plain=work/plain_val --out maps
    evaluate.py choose    --model 2.1 --maps maps --val val --plain plain --sets sets.json --out settings.json      thresholds
    evaluate.py calibrate --model 2.1 --maps maps --val val --test test … --settings settings.json --out calibration.json
    evaluate.py report    --model 1.1 --model 2.1=settings.json --maps maps --out report.json                        every set with maps
    evaluate.py sheets    --model 1.1 --model 2.1=settings.json --maps maps --set test --out sheets                  pictures with marks

`maps` caches the heat maps as OUT/SET.MODEL.npz and remembers the set's folder in OUT/sets.json. Choose thresholds and calibration
on validation sets only, and read test sets once.
"""
import argparse
import itertools
import json
import os

import cv2
import numpy as np

from pictures import judge, load, touches
from product import V1, V2, find, road_of

NAMES = ('crack', 'pothole', 'lane', 'vehicle')
CELLS = 288 * 160


class Maps:
    """Cached heat maps of one or more sets."""

    def __init__(self, folder, names, model):
        self.entries, self.maps = [], []
        with open(os.path.join(folder, 'sets.json')) as f:
            known = json.load(f)
        for name in names:
            entries, z = load(known[name]), np.load(os.path.join(folder, f'{name}.{model}.npz'))
            self.entries += entries
            self.maps += [{k: m.astype(np.float32) for k, m in zip(NAMES, z[str(i)])} for i in range(len(entries))]
        self.hints = [e.hint() for e in self.entries]

    def marks(self, c, hinted=True, only=None):
        """(entry, judged marks, width, height) of every picture."""
        for e, m, hint in zip(self.entries, self.maps, self.hints):
            h, w = m['crack'].shape
            yield e, judge(find(m, road_of(m, hint if hinted else None), c, only), e, w, h), w, h


def command_maps(a):
    os.makedirs(a.out, exist_ok=True)
    index = os.path.join(a.out, 'sets.json')
    known = json.load(open(index)) if os.path.exists(index) else {}
    known.update({n: os.path.abspath(f) for n, f in (s.split('=', 1) for s in a.set)})
    with open(index, 'w') as f:
        json.dump(known, f, indent=1)
    cv2.setNumThreads(1)
    for model, path in (m.split('=', 1) for m in a.model):
        net = cv2.dnn.readNetFromONNX(path)
        outputs = [n for n in NAMES if n in net.getUnconnectedOutLayersNames()]
        size = tuple(V1['size'] if len(outputs) == 3 else V2['size'])
        for s in a.set:
            name = s.split('=', 1)[0]
            out = {}
            for i, e in enumerate(load(known[name])):
                img = e.image()
                x = cv2.resize(img, size, interpolation=cv2.INTER_CUBIC if img.shape[1] < size[0] else cv2.INTER_AREA)
                net.setInput(np.ascontiguousarray(x.transpose(2, 0, 1)[None], np.float32))
                out[str(i)] = np.stack([m[0, 0] for m in net.forward(outputs)]).astype(np.float16)
            np.savez_compressed(os.path.join(a.out, f'{name}.{model}.npz'), **out)
            print(name, model, len(out), flush=True)


def tally(maps, c, hinted):
    """Damages found by kind, name and distance; marks right and false."""
    found, m = {}, dict.fromkeys(('pictures', 'pictures with a false mark', 'marks', 'yes', 'no', 'unknown', 'pothole marks', 'pothole marks on damage', 'pothole marks on a pothole'), 0)
    for e, marks, w, h in maps.marks(c, hinted):
        m['pictures'] += 1
        m['pictures with a false mark'] += any(d['right'] == 'no' for d in marks)
        for d in marks:
            m['marks'] += 1
            m[d['right']] += 1
            if d['kind'] == 'pothole':
                m['pothole marks'] += 1
                m['pothole marks on damage'] += d['right'] == 'yes'
                m['pothole marks on a pothole'] += bool(d['kind right'])
        for o in e.objects:
            near = 'to 15 m' if o['z'] < 15 else '15-30 m' if o['z'] < 30 else '30-60 m' if o['z'] < 60 else 'beyond 60 m'
            hits = [d for d in marks if d['right'] == 'yes' and touches(d, o['box'], w, h)]
            for key in (o['kind'], f'{o["kind"]}, {near}', f'{o["kind"]}: {o["name"]}'):
                r = found.setdefault(key, [0, 0, 0])
                r[0] += 1
                r[1] += bool(hits)
                r[2] += any(d['kind'] == o['kind'] for d in hits)
    m['false per picture'] = round(m['no'] / max(1, m['pictures']), 3)
    m['precision'] = round(m['yes'] / max(1, m['yes'] + m['no']), 3)
    return {'marks': m, 'found': {k: {'of': n, 'found': f, 'as its kind': s, 'recall': round(f / n, 3)} for k, (n, f, s) in sorted(found.items())}}


def road_quality(maps):
    """Share of the driven road called road, and of what lies far from it; vehicles likewise."""
    inside, far, cars = [], [], np.zeros(2)
    for e, m, hint in zip(maps.entries, maps.maps, maps.hints):
        if hint is None:
            return None
        h, w = m['lane'].shape
        d = cv2.resize(hint.astype(np.uint8), (w, h), interpolation=cv2.INTER_NEAREST)
        away = cv2.dilate(d, np.ones((h // 4, w // 5), np.uint8)) == 0
        inside.append((m['lane'][d > 0] > .5).mean())
        far += [(m['lane'][away] > .5).mean()] if away.any() else []
        if 'vehicle' in m:
            p = e._planes()
            t, ok = (cv2.resize(p[k], (w, h), interpolation=cv2.INTER_AREA) for k in (3, 4))
            x, y = (m['vehicle'] > .5) & (ok < 60), (t > 127) & (ok < 60)
            cars += (x & y).sum(), (x | y).sum()
    return {'driven road found': round(float(np.mean(inside)), 3), 'far from it called road': round(float(np.mean(far or [0])), 3), 'vehicle IoU': round(float(cars[0] / max(1, cars[1])), 3)}


def kind_counts(maps, c, kind):
    """One kind of mark alone: (damages of the kind within 60 m, found), (marks right, false), pictures with a false mark."""
    n = found = right = false = pictures = 0
    for e, marks, w, h in maps.marks(c, only=kind):
        bad = sum(d['right'] == 'no' for d in marks)
        right += sum(d['right'] == 'yes' for d in marks)
        false += bad
        pictures += bad > 0
        for o in e.objects:
            if o['kind'] == kind and o['z'] < 60:
                n += 1
                found += any(d['right'] == 'yes' and touches(d, o['box'], w, h) for d in marks)
    return n, found, right, false, pictures


def command_choose(a):
    """For each kind the thresholds with the highest recall on the --val composites whose precision reaches --precision (the most
    precise ones where none does), less --alarm for every false mark a picture on the --plain views."""
    model = a.model[0].split('=')[0]
    val, plain = Maps(a.maps, a.val or ['val'], model), Maps(a.maps, [a.plain], model)
    out, rows = dict(V2), {'pothole': [], 'crack': []}
    for kind, p, lows, least in (('pothole', 'p', (.2, .3, .5), (6, 10, 14)), ('crack', 'c', (.3, .5), (8, 14, 24))):
        for low, high, cells in itertools.product(lows, (.4, .5, .6, .7, .8, .9, .93, .95, .97, .98, .99), least):
            if high <= low:
                continue
            c = {**out, p + '_low': low, p + '_high': high, p + '_score': round((low + high) / 2, 3), p + '_min': cells / CELLS}
            n, found, right, false, _ = kind_counts(val, c, kind)
            _, _, _, wrong, alarmed = kind_counts(plain, c, kind)
            P, R = right / max(1, right + false), found / max(1, n)
            score = (R if P >= a.precision else P - 2) - a.alarm * wrong / len(plain.entries)
            rows[kind].append({'low': low, 'high': high, 'cells': cells, 'damages': n, 'recall': round(R, 3), 'precision': round(P, 3), 'false per picture': round(false / len(val.entries), 3),
                               'plain pictures that alarm': alarmed, 'score': round(score, 4), 'settings': c})
        rows[kind].sort(key=lambda r: -r['score'])
        out = rows[kind][0]['settings']
        print(kind, *(json.dumps({k: v for k, v in r.items() if k != 'settings'}) for r in rows[kind][:8]), sep='\n')
    with open(a.out, 'w') as f:
        json.dump({'settings': out, 'rows': {k: [{n: v for n, v in r.items() if n != 'settings'} for r in L] for k, L in rows.items()}}, f, indent=0)


def settings_of(model):
    """(name, settings) of NAME or NAME=settings.json."""
    name, _, path = model.partition('=')
    if not path:
        return name, V1
    with open(path) as f:
        return name, json.load(f)['settings']


def pooled(scores, right):
    """Isotonic regression: (score, share right) at the middle of each pool of equal confidence."""
    order = np.argsort(scores, kind='stable')
    pools = []
    for s, r in zip(np.asarray(scores)[order], np.asarray(right, float)[order]):
        pools.append([s, r, 1])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            q = pools.pop()
            pools[-1] = [pools[-1][0] + q[0], pools[-1][1] + q[1], pools[-1][2] + q[2]]
    return [(s / n, r, n) for s, r, n in pools]


def calibration(scores, right, least=12):
    """Monotone table [[score, confidence], …]: isotonic pools of at least `least` marks, each drawn towards the overall share by one mark."""
    base, table, s, r, n = float(np.mean(right)), [], 0., 0., 0
    for ps, pr, pn in pooled(scores, right):
        s, r, n = s + ps * pn, r + pr, n + pn
        if n >= least:
            table.append([round(s / n, 4), round((r + base) / (n + 1), 3)])
            s, r, n = 0., 0., 0
    for k in range(1, len(table)):
        table[k][1] = max(table[k][1], table[k - 1][1])
    return table or [[.5, round(base, 3)]]


def confidence(table, score):
    """Piecewise linear look-up."""
    return float(np.interp(score, [t[0] for t in table], [t[1] for t in table]))


def reliability(pairs, bins=5):
    """(confidence, right) -> bins of about equal numbers (equal confidences stay together), expected calibration error and Brier score."""
    if not pairs:
        return {}
    c, y = np.array([p for p, _ in pairs]), np.array([float(r) for _, r in pairs])
    edges = np.unique(np.quantile(c, np.linspace(0, 1, bins + 1)[1:-1]))
    part = np.searchsorted(edges, c, side='right')
    parts = [part == k for k in np.unique(part)]
    return {'marks': len(pairs), 'bins': [[round(float(c[p].mean()), 3), round(float(y[p].mean()), 3), int(p.sum())] for p in parts],
            'ECE': round(float(sum(p.sum() * abs(c[p].mean() - y[p].mean()) for p in parts) / len(pairs)), 3), 'Brier': round(float(((c - y) ** 2).mean()), 3)}


def scored(maps, c, kind):
    """(score, right) of every mark of a kind, with thresholds low enough to see how scores spread."""
    p = kind[0]
    c = {**c, p + '_high': min(.5, c[p + '_high']), p + '_score': 0.}
    return [(d['score'], d['right'] == 'yes') for _, marks, _, _ in maps.marks(c, only=kind) for d in marks if d['right'] != 'unknown']


def command_calibrate(a):
    """Score -> confidence (how often a mark of that score is right), fitted on --val, checked on each --test."""
    model = a.model[0].split('=')[0]
    with open(a.settings) as f:
        c = json.load(f)['settings']
    val, out = Maps(a.maps, a.val or ['val'], model), {}
    for kind in ('pothole', 'crack'):
        pairs = scored(val, c, kind)
        if not pairs:
            continue
        table = calibration(*zip(*pairs))
        r = out[kind] = {'table': table, 'val': {'score as it is': reliability(pairs), 'confidence': reliability([(confidence(table, s), y) for s, y in pairs])}}
        for t in a.test:
            q = scored(Maps(a.maps, [t], model), c, kind)
            r[t] = {'score as it is': reliability(q), 'confidence': reliability([(confidence(table, s), y) for s, y in q])}
    with open(a.out, 'w') as f:
        json.dump(out, f, indent=1)
    print(json.dumps(out))


def command_report(a):
    out = {}
    with open(os.path.join(a.maps, 'sets.json')) as f:
        names = list(json.load(f))
    for s in names if not a.set else a.set:
        for name, c in map(settings_of, a.model):
            if not os.path.exists(os.path.join(a.maps, f'{s}.{name}.npz')):
                continue
            m = Maps(a.maps, [s], name)
            r = out.setdefault(s, {}).setdefault(name, {})
            r['road found by the model'] = tally(m, c, False)
            if m.hints[0] is not None:
                r['road known from traffic'] = tally(m, c, True)
                r['maps'] = road_quality(m)
            for k, v in r.items():
                print(s, '|', name, '|', k, '|', json.dumps(v['marks'] if 'marks' in v else v), flush=True)
                for n, f in v.get('found', {}).items():
                    print('    ', n, json.dumps(f))
    with open(a.out, 'w') as f:
        json.dump(out, f, indent=1)


def drawn(img, maps, marks):
    """The picture with the road's outline and the marks."""
    o = np.ascontiguousarray(cv2.resize(img, (1280, 720)))
    h, w = maps['crack'].shape
    for k, colour in (('lane', (0, 200, 0)), ('vehicle', (60, 120, 255))):
        if k in maps:
            m = cv2.resize((maps[k] > .5).astype(np.uint8), (1280, 720), interpolation=cv2.INTER_NEAREST)
            o[cv2.morphologyEx(m, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0] = colour
    for d in marks:
        colour = (255, 0, 255) if d['kind'] == 'pothole' else (255, 0, 0)
        x0, y0, x1, y1 = (int(v * s) for v, s in zip(d['box'], (1280, 720, 1280, 720)))
        cv2.rectangle(o, (x0 - 3, y0 - 3), (x1 + 3, y1 + 3), colour, 2)
        cv2.putText(o, '%s %.2f' % (d['kind'][0], d['score']), (x0, max(14, y0 - 6)), 0, .6, colour, 2, cv2.LINE_AA)
    return o


def command_sheets(a):
    os.makedirs(a.out, exist_ok=True)
    for s in a.set:
        columns = []
        for name, c in map(settings_of, a.model):
            m = Maps(a.maps, [s], name)
            columns.append([cv2.resize(drawn(e.image(), maps, marks), (800, 450), interpolation=cv2.INTER_AREA) for (e, marks, _, _), maps in list(zip(m.marks(c), m.maps))[:a.most]])
        rows = [np.hstack(r) for r in zip(*columns)]
        for k in range(0, len(rows), 3):
            cv2.imwrite(os.path.join(a.out, f'{s}_{k // 3}.png'), np.vstack(rows[k:k + 3])[..., ::-1])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('command', choices=('maps', 'choose', 'calibrate', 'report', 'sheets'))
    p.add_argument('--model', action='append', required=True, metavar='NAME[=FILE]', help='maps: its ONNX file; else its settings (without: the constants of 1.1)')
    p.add_argument('--set', action='append', default=[], metavar='NAME[=FOLDER]')
    p.add_argument('--maps', default='maps')
    p.add_argument('--val', action='append', default=[], help='may be given more than once')
    p.add_argument('--plain', default='plain')
    p.add_argument('--test', action='append', default=[])
    p.add_argument('--settings')
    p.add_argument('--precision', type=float, default=.7, help='choose: least precision on the val composites, which are fuller of harmless things than roads are')
    p.add_argument('--alarm', type=float, default=.5, help='choose: what a false mark a picture on the plain views costs in recall')
    p.add_argument('--most', type=int, default=60)
    p.add_argument('--out', required=True)
    a = p.parse_args()
    {'maps': command_maps, 'choose': command_choose, 'calibrate': command_calibrate, 'report': command_report, 'sheets': command_sheets}[a.command](a)


if __name__ == '__main__':
    main()
