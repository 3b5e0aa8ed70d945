#!/usr/bin/env bash
# Makes the images of the benchmarks as OCI layouts in a cache folder, from Debian, npm and NuGet packages: build.sh [small] [debian] [poly] [big].
# Needs apt-get, dpkg-deb, npm, node, dotnet, unzip, zip and objcopy; no root and no container engine.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${IMAGESCAN_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/imagescan-bench}
work="$cache/making/$$"
mkdir -p "$cache/images" "$work"
. "$here/layers.sh"
. "$here/polyglot.sh"

# One layer of about 3 MiB, in the form of distroless images: no dpkg, a database file for each package.
build_small() {
    begin_image small
    begin_layer
    link_usr
    mkdir -p "$tree/var/lib/dpkg/status.d"
    local debs
    debs=$(downloaded base-files busybox-static ca-certificates libssl3 media-types netbase tzdata)
    for deb in $debs; do
        name=$(dpkg-deb -f "$deb" Package)
        dpkg-deb --fsys-tarfile "$deb" | tar -x -p --no-same-owner --keep-directory-symlink -C "$tree"
        dpkg-deb -f "$deb" > "$tree/var/lib/dpkg/status.d/$name"
        dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./md5sums > "$tree/var/lib/dpkg/status.d/$name.md5sums"
    done

    rm -rf "$tree/usr/share/doc" "$tree/usr/share/zoneinfo/right"
    end_layer "COPY debian packages"
    end_image
}

add_minbase() {
    begin_layer
    local debs
    debs=$(fetched $(essential_packages) apt)
    install_debs $debs
    end_layer "ADD rootfs.tar"
}

add_debs() {
    begin_layer
    local debs
    debs=$(fetched "$@")
    install_debs $debs
    unlink_usr
    end_layer "RUN apt-get install $*"
}

build_debian() {
    begin_image debian
    add_minbase
    end_image
}

# Thirteen layers and every ecosystem.
build_poly() {
    begin_image poly
    add_minbase
    add_debs ca-certificates curl git openssl
    add_debs nodejs
    add_npm
    add_debs python3 python3-cryptography python3-flask python3-requests python3-yaml
    add_python
    add_debs openjdk-17-jre-headless
    add_java
    add_debs ruby ruby-rack ruby-nokogiri
    add_gems
    add_dotnet
    add_binaries
    add_php
    end_image
}

# Much data in few layers.
build_big() {
    begin_image big
    add_minbase
    add_debs build-essential clang-14 llvm-14-dev golang-go rustc cargo openjdk-17-jdk maven
    add_debs libreoffice-writer libreoffice-calc texlive-latex-extra texlive-fonts-recommended
    add_debs python3-scipy python3-pandas python3-matplotlib python3-notebook nodejs npm chromium postgresql mariadb-server
    add_npm
    end_image
}

apt_update
for image in "${@:-small}"; do
    case $image in
        small|debian|poly|big) "build_$image" ;;
        *) echo "There is no image '$image'." >&2; exit 2 ;;
    esac
done
