set -ex
cd /work/main/models; export PYTHONPATH=/work/main
P=/work/venv/bin/python
date
$P news/prepare.py news.cfg /work/shared /work/exp/prepared.jsonl
date
$P news/export.py news.cfg /work/exp/r6/net.safetensors /work/exp/prepared.jsonl /work/exp/r6/model
cp /work/exp/r6/*.onnx /work/exp/r6/model/
date; ls -la /work/exp/r6/model
