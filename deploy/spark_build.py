"""`trialgraph build --spark` as an application: spark-submit [its options] spark_build.py [--parts DIR] [SOURCE]..."""

import sys

from trialgraph.cli import main

main(["build", "--spark", *sys.argv[1:]])
