# Sourced by build.sh: what a layer is made of. A layer is a folder, $tree; the image under construction is in $work.

# Debian's packages, as the machine's own apt sources give them, without what else the machine has: an empty system to begin with, later
# the packages of the layers below.
apt_get() {
    apt-get -qq \
        -o Dir::State="$cache/apt/state" -o Dir::State::status="$work/status" -o Dir::Cache="$cache/apt/cache" \
        -o Dir::Etc::preferences="$cache/apt/preferences" -o Dir::Etc::preferencesparts=/dev/null \
        -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o APT::Install-Recommends=false -o APT::Sandbox::User=root \
        -o APT::Keep-Downloaded-Packages=true "$@"
}

apt_update() {
    mkdir -p "$cache/apt/state/lists/partial" "$cache/apt/cache/archives/partial"
    printf 'Package: *\nPin: release o=Debian\nPin-Priority: 990\n\nPackage: *\nPin: release o=*\nPin-Priority: -1\n' > "$cache/apt/preferences"
    : > "$work/status"
    apt_get update
}

# Prints the paths of the packages that have to be installed to have the named ones.
fetched() {
    apt_get -y --download-only install "$@" >&2
    apt_get -y -s install "$@" | sed -n 's/^Inst \([^ ]*\) .*(\([^ ]*\) .*\[\(.*\)\]).*/\1_\2_\3.deb/p' | sed 's/:/%3a/g' | sort \
        | sed "s,^,$cache/apt/cache/archives/,"
}

# The named packages alone, to be unpacked somewhere without dpkg knowing of it.
downloaded() {
    local folder="$work/downloaded"
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && apt_get download "$@" >&2)
    find "$folder" -name '*.deb' | sort
}

essential_packages() {
    apt-cache -o Dir::State="$cache/apt/state" -o Dir::State::status="$work/status" -o Dir::Cache="$cache/apt/cache" \
        -o APT::Architecture=amd64 -o APT::Architectures=amd64 dumpavail \
        | awk 'BEGIN { RS = ""; FS = "\n" } /\nEssential: yes/ || /\nPriority: required/ { sub(/^Package: /, "", $1); print $1 }' | sort -u
}

# Lib and bin are links into usr, as Debian installs itself; a package that says /lib/x has its file at usr/lib/x.
merged_usr="bin sbin lib lib32 lib64 libx32"

link_usr() {
    for name in $merged_usr; do
        mkdir -p "$tree/usr/$name"
        ln -sfn "usr/$name" "$tree/$name"
    done
}

# In layers over the first, so that the links stand in that one alone.
unlink_usr() {
    for name in $merged_usr; do
        rm "$tree/$name"
        rmdir --ignore-fail-on-non-empty "$tree/usr/$name"
    done
}

# What dpkg would leave, without running the packages' scripts: files, file lists, checksums, the database.
install_debs() {
    link_usr
    mkdir -p "$tree/var/lib/dpkg/info"
    for deb in "$@"; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -p --no-same-owner --keep-directory-symlink -C "$tree"
        name=$(dpkg-deb -f "$deb" Package)
        if [ "$(dpkg-deb -f "$deb" Multi-Arch)" = same ]; then
            name="$name:$(dpkg-deb -f "$deb" Architecture)"
        fi

        dpkg-deb --fsys-tarfile "$deb" | tar -t | sed 's,^\.,,; s,/$,,; s,^$,/.,' > "$tree/var/lib/dpkg/info/$name.list"
        dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./md5sums > "$tree/var/lib/dpkg/info/$name.md5sums" 2> /dev/null || true
        dpkg-deb -f "$deb" | sed '1a Status: install ok installed' >> "$work/status"
        echo >> "$work/status"
    done

    cp "$work/status" "$tree/var/lib/dpkg/status"
}

# One image's layers so far are lines of "digest size diff-id" in $work/layers, and their instructions lines of $work/history.
begin_image() {
    image=$1
    layout="$cache/images/$image.new"
    rm -rf "$layout" "$work"
    mkdir -p "$layout/blobs/sha256" "$work"
    : > "$work/status"
    : > "$work/layers"
    : > "$work/history"
    echo "$image" >&2
}

begin_layer() {
    tree="$work/tree"
    rm -rf "$tree"
    mkdir -p "$tree"
}

# Order, times and owners are given, so that the same files make the same bytes.
end_layer() {
    local packed="$work/packed"
    (cd "$tree" && ls -A) | LC_ALL=C sort \
        | tar -c -C "$tree" --sort=name --mtime=@1700000000 --owner=0 --group=0 --numeric-owner --format=gnu --files-from=- \
        | tee >(sha256sum | cut -d' ' -f1 > "$work/diff-id") | gzip -n > "$packed"
    while [ ! -s "$work/diff-id" ]; do sleep 0.1; done
    local digest size
    digest=$(sha256sum "$packed" | cut -d' ' -f1)
    size=$(stat -c %s "$packed")
    echo "$digest $size $(cat "$work/diff-id")" >> "$work/layers"
    echo "$1" >> "$work/history"
    mv "$packed" "$layout/blobs/sha256/$digest"
    rm "$work/diff-id"
    echo "  $((size >> 20)) MiB  $1" >&2
}

# Writes a blob from standard input and prints its descriptor's members.
blob() {
    cat > "$work/blob"
    local digest
    digest=$(sha256sum "$work/blob" | cut -d' ' -f1)
    printf '"digest":"sha256:%s","size":%s' "$digest" "$(stat -c %s "$work/blob")"
    mv "$work/blob" "$layout/blobs/sha256/$digest"
}

end_image() {
    local config manifest
    config=$({
        printf '{"created":"2023-11-14T22:13:20Z","architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":['
        awk '{ printf "%s\"sha256:%s\"", (NR > 1 ? "," : ""), $3 }' "$work/layers"
        printf ']},"history":['
        awk '{ printf "%s{\"created\":\"2023-11-14T22:13:20Z\",\"created_by\":\"%s\"}", (NR > 1 ? "," : ""), $0 }' "$work/history"
        printf ']}'
    } | blob)
    manifest=$({
        printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",'
        printf '"config":{"mediaType":"application/vnd.oci.image.config.v1+json",%s},"layers":[' "$config"
        awk '{ printf "%s{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:%s\",\"size\":%s}", (NR > 1 ? "," : ""), $1, $2 }' \
            "$work/layers"
        printf ']}'
    } | blob)
    printf '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
    local reference='"annotations":{"org.opencontainers.image.ref.name":"1"}'
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",%s,%s}]}' "$manifest" "$reference" \
        > "$layout/index.json"
    rm -rf "${layout%.new}" "$work"
    mv "$layout" "${layout%.new}"
}
