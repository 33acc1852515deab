set -ex
cd /work/wt/reader
export PYTHONPATH=/work/wt/reader
P=/work/venv/bin/python
$P /work/exp/make_r6.py
cd models/news
grep -n "prepare.py\|export.py" ../project.yml
