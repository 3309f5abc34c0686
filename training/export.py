#!/usr/bin/env python3
"""Step 10: write the ONNX file with its metadata, and reference maps to check other runtimes against.

    python3 export.py --weights run/best.pt --version 2.1.0 --settings settings.json --calibration calibration.json --out road-damage.onnx
"""
import argparse
import json
import os
import warnings

import numpy as np
import onnx
import torch

from model import CLASSES, STRIDE, ExportNet, RoadNet2

META = {
    'name': 'road-damage', 'classes': json.dumps(list(CLASSES)), 'stride': str(STRIDE),
    'input': 'image: NCHW float32, RGB, 0..255, sides multiples of 32', 'recommended_size': '1152x640',
    'outputs': 'crack, pothole, lane (road), vehicle: probabilities (N,1,H/4,W/4)',
    'license': 'Apache-2.0; weights trained by this project; no third-party weights inside. Keep the attributions of training_data.',
    'training_data': 'Cracks and Potholes in Road Images Dataset (Passos, Cassaniga, Fernandes, Medeiros, Comunello; 2020; doi:10.17632/t576ydh9v8.4; CC BY 4.0; '
                     'images: DNIT, Brazil), training split by road section; empty roads and first frames of 20 fixed views of Beat the Traffic X '
                     '(move-lab-archive/beatthetraffic, package.json: MIT; footage credited there per city) with painted damage and pasted cut-outs; drawn views',
    'intended_use': 'screening of road pictures for human review; not for safety decisions'}


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--weights', required=True)
    a.add_argument('--version', required=True)
    a.add_argument('--settings', help='settings.json of evaluation/evaluate.py choose')
    a.add_argument('--calibration', help='calibration.json of evaluation/evaluate.py calibrate')
    a.add_argument('--out', required=True)
    a.add_argument('--reference', help='folder for reference input and maps')
    a = a.parse_args()
    warnings.filterwarnings('ignore', module='torch.onnx')
    net = RoadNet2()
    net.load_state_dict(torch.load(a.weights, map_location='cpu'))
    net = ExportNet(net).eval()
    axes = {n: {0: 'n', 2: 'h' + d, 3: 'w' + d} for n, d in [('image', '')] + [(c, '4') for c in CLASSES]}
    tmp = a.out + '.tmp'
    torch.onnx.export(net, torch.rand(1, 3, 640, 1152) * 255, tmp, opset_version=13, input_names=['image'], output_names=list(CLASSES), dynamic_axes=axes, do_constant_folding=True)
    m = onnx.load(tmp)
    meta = {**META, 'version': a.version}
    if a.settings:
        with open(a.settings) as f:
            meta['thresholds'] = json.dumps(json.load(f)['settings'])
    if a.calibration:
        with open(a.calibration) as f:
            meta['confidence'] = json.dumps({k: v['table'] for k, v in json.load(f).items()})
    for k, v in meta.items():
        p = m.metadata_props.add()
        p.key, p.value = k, v
    onnx.checker.check_model(m)
    onnx.save(m, tmp)
    os.replace(tmp, a.out)
    if a.reference:
        os.makedirs(a.reference, exist_ok=True)
        for w, h in ((1152, 640), (768, 480)):
            x = np.random.default_rng(w).integers(0, 256, (1, 3, h // 16, w // 16)).astype(np.float32).repeat(16, 2).repeat(16, 3)
            with torch.no_grad():
                y = [t.numpy() for t in net(torch.from_numpy(x))]
            x.tofile(f'{a.reference}/{w}x{h}.image.f32')
            for c, t in zip(CLASSES, y):
                t.astype(np.float32).tofile(f'{a.reference}/{w}x{h}.{c}.f32')
    print(a.out, os.path.getsize(a.out), 'bytes;', sum(p.numel() for p in net.parameters()), 'parameters')


if __name__ == '__main__':
    main()
