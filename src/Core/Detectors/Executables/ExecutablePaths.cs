using System.Collections.Frozen;

namespace ImageScan.Core.Detectors.Executables;

/// <summary>Which paths may be those of programs and libraries, by what their endings and folders say.</summary>
internal static class ExecutablePaths
{
    // Folders without programs, by https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html and the habit of distributions. The
    // rest of usr/share is not among them: dotnet, kibana and grafana have their programs there.
    private static readonly string[] Folders =
    [
        "dev/", "etc/", "proc/", "sys/", "usr/include/", "usr/lib/debug/", "lib/firmware/", "usr/lib/firmware/", "lib/modules/", "usr/lib/modules/",
        "usr/lib/locale/", "var/cache/", "var/lib/apt/", "var/lib/dpkg/", "var/lib/rpm/", "var/log/",
    ];

    private static readonly FrozenSet<string> SharedFolders = FrozenSet.ToFrozenSet(
        [
            "X11", "aclocal", "applications", "base-files", "bash-completion", "bug", "ca-certificates", "common-licenses", "consolefont", "dbus-1", "dict",
            "doc", "doc-base", "fish", "fonts", "gtk-doc", "help", "i18n", "icons", "info", "keyrings", "licenses", "lintian", "locale", "man", "menu",
            "mime", "misc", "pam-configs", "pixmaps", "pkgconfig", "sgml", "sounds", "terminfo", "texlive", "texmf", "themes", "vim", "xml",
            "zoneinfo", "zsh",
        ],
        StringComparer.Ordinal);

    // Endings of what is text, a picture, an archive or compiled for no processor. In lower case only: "Shop.Service" is a program of .NET.
    private static readonly FrozenSet<string> Endings = FrozenSet.ToFrozenSet(
        [
            "a", "ads", "am", "asm", "asp", "aspx", "awk", "bash", "bat", "bmp", "bz2", "c", "cc", "cer", "cfg", "cjs", "class", "cmake", "cmd",
            "cnf", "coffee", "conf", "config", "cpp", "crt", "cs", "csh", "cshtml", "css", "csv", "cts", "cxx", "dat", "db", "deb", "debug", "der",
            "desktop", "dtd", "ear", "egg", "el", "elc", "eml", "enc", "eot", "eps", "erb", "erl", "ex", "exs", "f", "f90", "fish", "fw", "gem",
            "gemspec", "gif", "gitignore", "gmo", "go", "gpg", "gradle", "groovy", "gz", "h", "hbs", "hh", "hpp", "hrl", "htm", "html", "hxx", "ico",
            "idl", "in", "inc", "info", "ini", "ipp", "ipynb", "jar", "java", "jmod", "jpeg", "jpg", "js", "json", "json5", "jsonl", "jsx", "key",
            "ko", "kt", "la", "ld", "less", "lisp", "list", "lo", "lock", "log", "lz4", "m4", "make", "map", "markdown", "md", "md5sums", "mdx",
            "mjs", "mk", "ml", "mli", "mo", "mp3", "mp4", "mts", "o", "ogg", "otf", "p12", "patch", "pb", "pc", "pdb", "pdf", "pem", "php", "phar",
            "phtml", "pl", "pm", "png", "po", "pod", "postinst", "postrm", "pot", "preinst", "prerm", "properties", "props", "proto", "ps", "ps1",
            "psd1", "psm1", "pub", "py", "pyc", "pyi", "pyo", "pyx", "qm", "r", "rake", "rb", "rbs", "rda", "rds", "rpm", "rs", "rst", "rtf", "rules",
            "s", "sass", "scala", "scss", "service", "sh", "shlibs", "snap", "socket", "sql", "sqlite", "st", "stp", "supp", "svg", "swift",
            "symbols", "sys", "t", "tar", "targets", "tcl", "templates", "tex", "tgz", "tif", "tiff", "timer", "tmpl", "toml", "tpl", "triggers",
            "ts", "tsv", "tsx", "ttf", "txt", "typed", "vb", "vim", "vue", "war", "wav", "webp", "whl", "wmf", "woff", "woff2", "xbm", "xhtml", "xml",
            "xpm", "xs", "xsd", "xsl", "xslt", "xz", "yaml", "yml", "zip", "zsh", "zst",
        ],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EndingsBySpan = Endings.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SharedFoldersBySpan =
        SharedFolders.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the file at this path may be a program or a library. Allocates nothing.</summary>
    public static bool MayBeExecutable(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> name = path[(path.LastIndexOf('/') + 1)..];
        int dot = name.LastIndexOf('.');
        return (dot < 0 || !EndingsBySpan.Contains(name[(dot + 1)..])) && !IsInFolderWithoutPrograms(path);
    }

    /// <summary>
    /// Whether it is a library by its name. Those need no execute bit: Debian sets none
    /// (https://www.debian.org/doc/debian-policy/ch-files.html#libraries).
    /// </summary>
    public static bool IsLibrary(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> name = path[(path.LastIndexOf('/') + 1)..];
        return name.EndsWith(".so") || name.Contains(".so.", StringComparison.Ordinal) || name.EndsWith(".node") || name.EndsWith(".dylib")
            || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".pyd", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsInFolderWithoutPrograms(ReadOnlySpan<char> path)
    {
        foreach (string folder in Folders)
        {
            if (path.StartsWith(folder))
            {
                return true;
            }
        }

        const string Shared = "usr/share/";
        if (!path.StartsWith(Shared))
        {
            return false;
        }

        ReadOnlySpan<char> below = path[Shared.Length..];
        int slash = below.IndexOf('/');
        return slash > 0 && SharedFoldersBySpan.Contains(below[..slash]);
    }
}
