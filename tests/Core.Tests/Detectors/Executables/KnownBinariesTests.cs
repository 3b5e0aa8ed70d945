using System.Text;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Detectors.Executables.KnownBinaries;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class KnownBinariesTests
{
    private readonly ExecutableDetector _detector = new();

    // Each text as it stands in the program that Debian 12, or the package of that name on npm (node, bun), ships; those of valkey and of
    // redis as the official images build it are made by the same rule.
    [Theory]
    [InlineData("usr/local/bin/node", "node.js/v20.11.1\0", "node 20.11.1")]
    [InlineData("usr/lib/x86_64-linux-gnu/libnode.so.108", "node.js/v18.20.4\0", "node 18.20.4")]
    [InlineData("usr/local/bin/bun", "Bun v1.1.0 (5903a614) Linux x64 {s}\0", "bun 1.1.0")]
    [InlineData("usr/sbin/nginx", "nginx version: nginx/1.22.1\0", "nginx 1.22.1")]
    [InlineData("usr/local/apache2/bin/httpd", "Apache/2.4.71 (Debian)\0", "httpd 2.4.71")]
    [InlineData("usr/sbin/apache2", "Apache/2.4.71\0", "httpd 2.4.71")]
    [InlineData("usr/bin/redis-server", "A7.0.151790282056000000000\0", "redis 7.0.15")]
    [InlineData("usr/local/bin/redis-server", "7.2.4buildkitsandbox-1709123456000000000\0", "redis 7.2.4")]
    [InlineData("usr/local/bin/valkey-server", "8.0.1buildkitsandbox-1731123456000000000\0", "valkey 8.0.1")]
    [InlineData("usr/sbin/haproxy", " version 2.6.12-1+deb12u4, released 2026/10/17\0", "haproxy 2.6.12")]
    [InlineData("usr/local/bin/php", "X-Powered-By: PHP/8.2.36\0", "php 8.2.36")]
    [InlineData("usr/sbin/php-fpm8.2", "X-Powered-By: PHP/8.2.36\0", "php 8.2.36")]
    [InlineData("usr/lib/libcrypto.so.3", "OpenSSL 3.0.22 25 Aug 2026\0", "openssl 3.0.22")]
    [InlineData("usr/lib/libssl.so.1.1", "OpenSSL 1.1.1k  25 Mar 2021\0", "openssl 1.1.1k")]
    [InlineData("usr/lib/libcrypto.so.1.0.2", "OpenSSL 1.0.2k-fips  26 Jan 2017\0", "openssl 1.0.2k")]
    [InlineData("x/psycopg2_binary.libs/libcrypto-1f2e3d4c.so.1.1", "OpenSSL 1.1.1  11 Sep 2018\0", "openssl 1.1.1")]
    [InlineData("bin/busybox", "BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1)\0", "busybox 1.35.0")]
    [InlineData("bin/[", "BusyBox v1.36.1 (2024-01-17 02:09:39 UTC)\0", "busybox 1.36.1")]
    [InlineData("bin/bash", "@(#)Bash version 5.2.15(1) release GNU\0", "bash 5.2.15")]
    [InlineData("usr/bin/curl", "curl 7.88.1 (x86_64-pc-linux-gnu) %s\0", "curl 7.88.1")]
    [InlineData("usr/lib/libcurl.so.4.8.0", "libcurl/7.88.1\0", "curl 7.88.1")]
    [InlineData("usr/bin/perl5.36.0", "v5.36.0\0", "perl 5.36.0")]
    [InlineData("usr/local/lib/libruby.so.3.1.2", "ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]\0", "ruby 3.1.2")]
    [InlineData("usr/local/bin/ruby", "ruby 3.3.0 (2023-12-25 revision 5124f9ac75) [x86_64-linux]\0", "ruby 3.3.0")]
    [InlineData("usr/local/lib/libpython3.11.so.1.0", "3.11.2\0 1.2.13\0 3.2.0\0", "python 3.11.2")]
    [InlineData("usr/bin/python3.13", "3.13.0rc1\0", "python 3.13.0rc1")]
    [InlineData("usr/bin/memcached", "memcached 1.6.18\0", "memcached 1.6.18")]
    [InlineData("usr/lib/postgresql/15/bin/postgres", "PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu\0", "postgresql 15.20")]
    [InlineData("usr/local/bin/postgres", "PostgreSQL 18.4 on x86_64-pc-linux-gnu, compiled by gcc\0", "postgresql 18.4")]
    [InlineData("usr/sbin/mariadbd", "10.11.19-MariaDB\0", "mariadb 10.11.19")]
    [InlineData("usr/sbin/lighttpd", "lighttpd/1.4.69 (ssl) - a light and fast webserver\0", "lighttpd 1.4.69")]
    [InlineData("usr/sbin/varnishd", "varnish-7.1.1 revision 7cee1c581bead20e88d101ab3d72afb29f14d87a\0", "varnish 7.1.1")]
    [InlineData("usr/sbin/squid", "squid/5.7\0", "squid 5.7")]
    [InlineData("usr/sbin/proftpd", "ProFTPD Version 1.3.8\0", "proftpd 1.3.8")]
    [InlineData("usr/bin/lua5.4", "Lua 5.4.4  Copyright (C) 1994-2022 Lua.org, PUC-Rio\0", "lua 5.4.4")]
    [InlineData("usr/bin/git", "\u00ffgit/2.39.5\0", "git 2.39.5")]
    [InlineData("lib/x86_64-linux-gnu/libz.so.1.2.13", " deflate 1.2.13 Copyright 1995-2022 Jean-loup Gailly and Mark Adler \0", "zlib 1.2.13")]
    public void TakesTheVersionThatAProgramSays(string path, string text, string expected)
    {
        FileFindings found = Read(path, text);

        Package package = Assert.Single(found.Packages);
        Assert.Equal((PackageType.Binary, expected, path), (package.Type, $"{package.Name} {package.Version}", package.Path));
    }

    [Theory]
    [InlineData("usr/bin/other", "node.js/v20.11.1\0")]
    [InlineData("usr/bin/node", "node.js/vX\0")]
    [InlineData("usr/bin/redis-server", "7.0.151b2c3d4e5f6-1709123456000000000\0")]
    [InlineData("usr/bin/redis-server", "7.0.15b2c3d4e5f6a1-1709123456000000000\0")]
    [InlineData("usr/bin/python3", "3.11.2\0")]
    [InlineData("usr/bin/python3.1", "3.11.2\0")]
    [InlineData("usr/bin/python3.11", "3x11.2\0")]
    [InlineData("usr/lib/libssl3.so", "NSS 3.98\0")]
    [InlineData("usr/bin/perl", "v5.36.0\0v5.36.1\0")]
    public void TakesNoneThatIsNotSure(string path, string text) => Assert.Empty(Read(path, text).Packages);

    [Theory]
    [InlineData("php8.2", "php")]
    [InlineData("perl5.36.0", "perl")]
    [InlineData("node.exe", "node")]
    [InlineData("libcrypto-1f2e3d.so.1.1", "libcrypto")]
    [InlineData("libruby-3.1.so.3.1.2", "libruby")]
    [InlineData("libcurl-gnutls.so.4", "libcurl")]
    [InlineData("redis-server", "redis-server")]
    [InlineData("7", "")]
    public void KnowsAFileByTheStemOfItsName(string name, string stem) => Assert.Equal(stem, KnownBinary.StemOf(name));

    private FileFindings Read(string path, string text) =>
        Detection.Read(_detector, path, MadeElf.With(".rodata", Encoding.Latin1.GetBytes("\0" + text)));
}
