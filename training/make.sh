#!/usr/bin/env bash
# From data to ONNX: see README.md. Every step is skipped if what it makes is there; delete a folder of WORK to make it anew.
#   CPRI=…/Dataset BEATTHETRAFFIC=… [START=weights.pt] [WORK=work] [MINUTES=90] [COMPOSITES=735] [DRAWN=110] [JOBS=2] [VERSION=2.1.0] training/make.sh
set -euo pipefail
: "${CPRI:?folder Dataset of Cracks-and-Potholes-in-Road-Images-Dataset}" "${BEATTHETRAFFIC:?checkout of move-lab-archive/beatthetraffic}"
WORK=${WORK:-work} MINUTES=${MINUTES:-90} VERSION=${VERSION:-2.1.0} JOBS=${JOBS:-2} START=${START:-}
here=$(cd "$(dirname "$0")" && pwd)
py() { python3 "$here/$1" "${@:2}"; }
mkdir -p "$WORK"

[[ -e $WORK/cpri/index.json ]] || py prepare.py --dataset "$CPRI" --out "$WORK/cpri" --jobs "$JOBS"
[[ -e $WORK/bank/bank_val.pkl ]] || py bank.py --dataset "$CPRI" --index "$WORK/cpri/index.json" --out "$WORK/bank" --jobs "$JOBS"
[[ -e $WORK/views/views.pkl ]] || py views.py --levels "$BEATTHETRAFFIC/static/levels" --out "$WORK/views"
[[ -e $WORK/views/covers.pkl ]] || py covers.py --views "$WORK/views/views.pkl" --boxes "$here/covers.json" --out "$WORK/views/covers.pkl"
road=()
if [[ -n $START ]]; then
  [[ -e $WORK/views/road.npz ]] || py road_maps.py --views "$WORK/views/views.pkl" --weights "$START" --out "$WORK/views/road.npz"
  road=(--road "$WORK/views/road.npz")
fi

compose() { # folder, arguments
  [[ -e $WORK/$1/index.json ]] || py compose.py --views "$WORK/views/views.pkl" --labels "$here/labels.json" "${road[@]}" --jobs "$JOBS" --out "$WORK/$1" "${@:2}"
}
compose train --bank "$WORK/bank/bank_train.pkl" --covers "$WORK/views/covers.pkl" --plain .25 --count "${COMPOSITES:-735}" --seed 1
compose val --bank "$WORK/bank/bank_val.pkl" --half 0 --split val --count 84 --seed 5
compose val2 --bank "$WORK/bank/bank_val.pkl" --half 0 --split val --count 126 --seed 15 # more marks for the confidence
compose test --bank "$WORK/bank/bank_val.pkl" --half 1 --split test --count 96 --seed 9
compose plain_val --split val --as-is
compose plain_test --split test --as-is
[[ -e $WORK/drawn/index.json ]] || py draw.py --bank "$WORK/bank/bank_train.pkl" --covers "$WORK/views/covers.pkl" --count "${DRAWN:-110}" --jobs "$JOBS" --out "$WORK/drawn"

train() { py train.py --cpri "$WORK/cpri" --cpri-share 3 --scenes "$WORK/train:7" --scenes "$WORK/drawn:2" --val "$WORK/val" --val "$WORK/plain_val" --out "$WORK/run" --minutes "$MINUTES" "$@"; }
start=(${START:+--weights "$START"})
[[ ! -e $WORK/run/state.pt ]] || start+=(--resume)
[[ -z $START || -e $WORK/train/hard.json ]] || py mine.py --weights "$START" "$WORK/train" "$WORK/drawn"
train "${start[@]}"

eval=$WORK/evaluation
py export.py --weights "$WORK/run/best.pt" --version "$VERSION" --out "$WORK/bare.onnx"
py evaluation/evaluate.py maps --model "$VERSION=$WORK/bare.onnx" --set "val=$WORK/val" --set "val2=$WORK/val2" --set "plain=$WORK/plain_val" --set "test=$WORK/test" --set "plain test=$WORK/plain_test" --out "$eval"
py evaluation/evaluate.py choose --model "$VERSION" --maps "$eval" --out "$eval/settings.json"
py evaluation/evaluate.py calibrate --model "$VERSION" --maps "$eval" --settings "$eval/settings.json" --val val --val val2 --test test --out "$eval/calibration.json"
py export.py --weights "$WORK/run/best.pt" --version "$VERSION" --settings "$eval/settings.json" --calibration "$eval/calibration.json" --out "$WORK/road-damage.onnx"
py evaluation/evaluate.py report --model "$VERSION=$eval/settings.json" --maps "$eval" --out "$eval/report.json"
py evaluation/survey.py --data "$WORK/cpri" --model "$WORK/road-damage.onnx" --report "$eval/survey.json"
