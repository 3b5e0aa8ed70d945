using System.Text.RegularExpressions;

namespace ImageScan.Core.Detectors.Executables.KnownBinaries;

/// <summary>
/// The programs whose version is known by a text in them. Each row tells where the program's source makes that text. Where it is not said
/// otherwise, the text was seen in programs as they are shipped, and <c>KnownBinariesTests</c> has it.
/// </summary>
internal static partial class KnownBinaryTable
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly Dictionary<string, KnownBinary[]> ByStem = All()
        .SelectMany(binary => binary.Stems.Select(stem => (stem, binary)))
        .GroupBy(row => row.stem, row => row.binary, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>What the file at this path may be, by its name; empty for nearly all.</summary>
    public static IReadOnlyList<KnownBinary> At(string path)
    {
        string fileName = path[(path.LastIndexOf('/') + 1)..];
        string stem = KnownBinary.StemOf(fileName);
        return stem is "python" or "libpython" ? Python(fileName) : ByStem.GetValueOrDefault(stem, []);
    }

    /// <summary>Whether a file may be something at this path that it cannot be at the other.</summary>
    public static bool AsksMoreOf(string path, string otherPath) =>
        At(path) is { Count: > 0 } here
        && here.Any(binary => !At(otherPath).Any(other => other.Component == binary.Component && other.Anchor == binary.Anchor));

    // The version stands alone (https://github.com/python/cpython/blob/main/Python/getversion.c), so it must be that of the file's name.
    private static IReadOnlyList<KnownBinary> Python(string fileName) => MinorVersion().Match(fileName) is { Success: true, Value: var minor }
        ? [new KnownBinary("python", [], $"\0{minor}.", new Regex($@"\0(?<version>{Regex.Escape(minor)}\.[0-9]+((a|b|rc)[0-9]+)?)\+?(?=\0)", Options))]
        : [];

    private static KnownBinary[] All() =>
    [
        // https://github.com/nodejs/node/blob/main/src/node_metadata.cc; the text of a client's name in lib/internal or of embedders.
        new("node", ["node", "nodejs", "libnode"], "node.js/v", new Regex(@"node\.js/v(?<version>[0-9]+\.[0-9]+\.[0-9]+)", Options)),

        // https://github.com/oven-sh/bun/blob/main/src/crash_handler.zig: the first line of its report.
        new("bun", ["bun"], "Bun v", new Regex(@"Bun v(?<version>[0-9]+\.[0-9]+\.[0-9]+) \([0-9a-f]+\)", Options)),

        // https://github.com/nginx/nginx/blob/master/src/core/nginx.c: what -v prints.
        new("nginx", ["nginx"], "nginx version: nginx/", new Regex(@"nginx version: nginx/(?<version>[0-9]+\.[0-9]+\.[0-9]+)", Options)),

        // https://github.com/apache/httpd/blob/trunk/include/ap_release.h: AP_SERVER_BASEVERSION.
        new("httpd", ["httpd", "apache"], "Apache/", new Regex(@"Apache/(?<version>[0-9]+\.[0-9]+\.[0-9]+)[\0 ]", Options)),

        // https://github.com/redis/redis/blob/unstable/src/release.c, mkreleasehdr.sh: version, build id (seconds, or host-seconds), dirty and
        // commit in one. Nobody can tell the end of a version from the start of a host's name, but for the one that BuildKit gives.
        new("redis", ["redis-server", "redis-check-rdb", "redis-check-aof", "redis-sentinel"], "000000000\0", BuildIdOfRedis()),

        // https://github.com/valkey-io/valkey/blob/unstable/src/release.c: the same.
        new("valkey", ["valkey-server", "valkey-check-rdb", "valkey-check-aof", "valkey-sentinel"], "000000000\0", BuildIdOfRedis()),

        // https://github.com/haproxy/haproxy/blob/master/src/haproxy.c: display_version.
        new("haproxy", ["haproxy"], ", released 20", new Regex(@" version (?<version>[0-9]+\.[0-9]+\.[0-9]+)[^,\0]*, released 20[0-9]{2}/", Options)),

        // https://github.com/php/php-src/blob/master/main/main.c: SAPI_PHP_VERSION_HEADER.
        new(
            "php",
            ["php", "php-fpm", "php-cgi", "libphp"],
            "X-Powered-By: PHP/",
            new Regex(@"PHP/(?<version>[0-9]+\.[0-9]+\.[0-9]+((alpha|beta|RC)[0-9]+)?)", Options)),

        // https://github.com/openssl/openssl/blob/master/include/openssl/opensslv.h.in: OPENSSL_VERSION_TEXT; two blanks before 3.0.
        new(
            "openssl",
            ["openssl", "libcrypto", "libssl"],
            "OpenSSL ",
            new Regex(@"\0OpenSSL (?<version>[0-9]+\.[0-9]+\.[0-9]+[a-z]{0,2})[-+0-9a-z]* {1,2}[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}\0", Options)),

        // https://git.busybox.net/busybox/tree/libbb/messages.c: bb_banner. Where every applet is a hard link, the first by name is the file.
        new("busybox", ["busybox", "[", "[[", "ash", "sh"], "BusyBox v", new Regex(@"BusyBox v(?<version>[0-9]+\.[0-9]+\.[0-9]+)", Options)),

        // https://git.savannah.gnu.org/cgit/bash.git/tree/version.c: the text for what(1).
        new("bash", ["bash"], "@(#)Bash version ", new Regex(@"Bash version (?<version>[0-9]+\.[0-9]+\.[0-9]+)\(", Options)),

        // https://github.com/curl/curl/blob/master/src/tool_version.h: CURL_ID; lib/version.c for the library.
        new("curl", ["curl"], "curl ", new Regex(@"\0curl (?<version>[0-9]+\.[0-9]+\.[0-9]+) \(", Options)),
        new("curl", ["libcurl"], "libcurl/", new Regex(@"libcurl/(?<version>[0-9]+\.[0-9]+\.[0-9]+)", Options)),

        // https://github.com/Perl/perl5/blob/blead/perl.h: PERL_VERSION_STRING, with a v where $^V is made.
        new("perl", ["perl", "libperl"], "\0v5.", new Regex(@"\0v(?<version>5\.[0-9]+\.[0-9]+)(?=\0)", Options)),

        // https://github.com/ruby/ruby/blob/master/version.c: ruby_description.
        new("ruby", ["ruby", "libruby"], "ruby ", new Regex(@"ruby (?<version>[0-9]+\.[0-9]+\.[0-9]+)((p|preview|rc|dev)[0-9]*)? \(20[0-9]{2}-", Options)),

        // https://github.com/memcached/memcached/blob/master/memcached.c: usage.
        new("memcached", ["memcached"], "memcached ", new Regex(@"\0memcached (?<version>[0-9]+\.[0-9]+\.[0-9]+)[\0\n]", Options)),

        // https://github.com/postgres/postgres/blob/master/configure.ac: PG_VERSION_STR.
        new(
            "postgresql",
            ["postgres"],
            "PostgreSQL ",
            new Regex(@"PostgreSQL (?<version>[0-9]+(\.[0-9]+){1,2})( \([^)\0]*\))? on ", Options)),

        // https://github.com/MariaDB/server/blob/main/cmake/mysql_version.cmake: MYSQL_SERVER_VERSION.
        new("mariadb", ["mariadbd", "mysqld"], "-MariaDB", new Regex(@"\0(?<version>[0-9]+\.[0-9]+\.[0-9]+)-MariaDB", Options)),

        // https://github.com/lighttpd/lighttpd1.4/blob/master/src/server.c: PACKAGE_DESC.
        new("lighttpd", ["lighttpd"], "lighttpd/", new Regex(@"\0lighttpd/(?<version>[0-9]+\.[0-9]+\.[0-9]+)", Options)),

        // https://github.com/varnishcache/varnish-cache/blob/master/lib/libvarnish/version.c: VCS_String.
        new("varnish", ["varnishd"], "varnish-", new Regex(@"varnish-(?<version>[0-9]+\.[0-9]+\.[0-9]+) revision ", Options)),

        // https://github.com/squid-cache/squid/blob/master/src/globals.h: APP_FULLNAME.
        new("squid", ["squid"], "\0squid/", new Regex(@"\0squid/(?<version>[0-9]+(\.[0-9]+){1,3})\0", Options)),

        // https://github.com/proftpd/proftpd/blob/master/include/version.h; src/main.c prints it.
        new("proftpd", ["proftpd"], "ProFTPD Version ", new Regex(@"ProFTPD Version (?<version>[0-9]+\.[0-9]+\.[0-9]+[a-z]?)", Options)),

        // https://www.lua.org/source/5.4/lua.h.html: LUA_COPYRIGHT.
        new("lua", ["lua", "liblua"], "Lua 5.", new Regex(@"Lua (?<version>5\.[0-9]+\.[0-9]+)  Copyright \(C\)", Options)),

        // https://github.com/git/git/blob/master/version.c: the name it gives itself towards servers.
        new("git", ["git"], "git/", new Regex(@"(?<![A-Za-z0-9/_.-])git/(?<version>[0-9]+(\.[0-9]+){2,3})\0", Options)),

        // https://github.com/madler/zlib/blob/master/deflate.c: deflate_copyright.
        new("zlib", ["libz"], " deflate ", new Regex(@" deflate (?<version>[0-9]+(\.[0-9]+){1,3}) Copyright ", Options)),
    ];

    [GeneratedRegex(@"(?<![0-9])(?<version>[0-9]+\.[0-9]+\.[0-9]{1,3}?)(buildkitsandbox-)?1[0-9]{9}0{9}\0", Options)]
    private static partial Regex BuildIdOfRedis();

    [GeneratedRegex(@"[23]\.[0-9]+", Options)]
    private static partial Regex MinorVersion();
}
