using CsCheck;
using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

/// <summary>A scheme with versions to try it on.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="Versions">Random versions, all of which have an order.</param>
/// <param name="Usual">Versions as packages and advisories have them.</param>
internal sealed record VersionCase(VersionScheme Scheme, Gen<string> Versions, params string[] Usual)
{
    /// <summary>
    /// What any text needs behind it to be held to the laws: rpm and pacman take a version without release for equal to each of its releases,
    /// and such an order is none.
    /// </summary>
    public string Tail { get; init; } = "";
}

/// <summary>Every scheme there is, by its name.</summary>
internal static class VersionCases
{
    private static readonly Gen<string> Word = VersionGen.OneOf("a", "alpha", "b2", "beta", "rc1", "RC", "dev", "p", "pl1", "x", "post", "foo");

    private static readonly Gen<string> SemVer = VersionGen.Join(
        VersionGen.OneOf("", "", "v"),
        VersionGen.Dotted,
        VersionGen.Maybe(VersionGen.Of("01aAr-.", 1, 5).Where(text => text[0] != '.' && text[^1] != '.' && !text.Contains(".."))
            .Select(prerelease => "-" + prerelease)),
        VersionGen.Maybe(VersionGen.OneOf("+incompatible", "+1", "+a.2")));

    private static readonly Gen<string> Cran = Gen.Select(VersionGen.Dotted, VersionGen.OneOf("", "-0", "-1", "-1.2"), (dotted, end) => dotted + end);

    /// <summary>The cases; their names go to theories, which show them.</summary>
    public static readonly IReadOnlyDictionary<string, VersionCase> All = new Dictionary<string, VersionCase>
    {
        ["dpkg"] = new(new DpkgVersionScheme(), Dpkg(), "2.36-9+deb12u4", "2.36-9+deb12u10", "1:9.18.24-1~deb12u1", "5.15.0-101.111", "7.88.1-10+deb12u5"),
        ["rpm"] = new(
            new RpmVersionScheme(), Rpm(), "4.18.0-305.el8", "0:4.18.0-348.2.1.el8_5", "1:1.1.1k-9.el8_7", "2.34-60.el9", "7.61.1-30.el8_8.2~rc1")
        {
            Tail = "-1",
        },
        ["apk"] = new(new ApkVersionScheme(), Apk(), "1.36.1-r15", "1.36.1-r5", "3.1.4_p2-r1", "1.2.5_git20240101-r0", "1.1.1w-r1", "9.6_p1-r0"),
        ["alpm"] = new(new AlpmVersionScheme(), Alpm(), "3.2.1-1", "1:1.3.1-1", "6.6.10.arch1-1", "2.39+r52+gf8e4623421-1", "9.6p1-1")
        {
            Tail = "-1",
        },
        ["semver"] = new(new SemVerVersionScheme(), SemVer, "1.0.197", "0.4.38", "v2.1.0", "1.0.0-beta.2", "1.0.0-rc.1+build.5"),
        ["npm"] = new(
            new NpmVersionScheme(), SemVer.Where(version => !version.Contains("999")), "4.17.21", "4.17.20", "6.0.0-beta.3", "7.0.0-rc.1", "1.2.3+build"),
        ["go"] = new(
            new GoVersionScheme(), Go(), "v1.9.1", "v0.0.0-20230101000000-abcdefabcdef", "v2.0.0+incompatible", "go1.21.3", "1.21rc2", "v1.27.0-rc.3"),
        ["pub"] = new(new PubVersionScheme(), SemVer, "1.0.0", "1.0.0+1", "2.0.0-nullsafety.3", "3.1.0-dev.2+5"),
        ["bitnami"] = new(new BitnamiVersionScheme(), SemVer, "7.2.4-3", "7.2.4", "16.1.0-12", "3.0.7-0"),
        ["nuget"] = new(new NuGetVersionScheme(), SemVer, "13.0.3", "6.0.0.1", "8.0.0-preview.7.23375.6", "5.0.0-RC.1", "1.0.0+sha"),
        ["pep440"] = new(new Pep440VersionScheme(), Pep440(), "2.31.0", "2.0.0rc1.post1.dev2+local.1", "1.26.18", "1!2.0", "v1.0.dev3", "24.0b2"),
        ["maven"] = new(
            new MavenVersionScheme(), Maven(), "2.15.0", "31.1-jre", "5.3.20.RELEASE", "4.1.94.Final", "2.0.0-M1", "1.0-SNAPSHOT", "1.0-alpha-3"),
        ["rubygems"] = new(new RubyGemsVersionScheme(), RubyGems(), "1.13.10", "1.13.10.rc1-x86_64-linux", "7.0.8.1", "3.0.0.beta2", "2.2.0-1"),
        ["packagist"] = new(new PackagistVersionScheme(), Packagist(), "v5.4.31", "6.4.0", "2.0.0-beta3", "1.0.0-RC1", "3.x-dev", "1.2.3.4-p2", "20230101"),
        ["cran"] = new(new CranVersionScheme(), Cran, "1.8.4", "2.3-12", "0.4.16", "1.0-2.1"),
        ["php"] = new(new PhpVersionScheme(), Php(), "6.4.3", "6.5-RC1", "6.5-beta2", "1.0.0-alpha", "5.3.1p1"),
        ["conda"] = new(new CondaVersionScheme(), Conda(), "3.11.5", "1.1.1w", "1.0.1_", "2023.08.22", "1.26.0rc1", "0.9.8post1", "1!2.0+local.1"),
        ["generic"] = new(new GenericVersionScheme(), Generic(), "1.1.1k", "1.1.1", "3.0.9", "7.0-rc3", "1.25.3", "9.6p1", "3.13.0a1", "17.0.9+8"),
    };

    private static Gen<string> Dpkg() => VersionGen.Join(
        VersionGen.Maybe(VersionGen.Number.Select(epoch => epoch + ":")),
        VersionGen.Number,
        VersionGen.Of("019aAb.+~-", 0, 6),
        VersionGen.Maybe(VersionGen.Of("01a.+~", 0, 4).Select(revision => "-" + revision)));

    private static Gen<string> Rpm() => VersionGen.Join(
        VersionGen.Maybe(VersionGen.Number.Select(epoch => epoch + ":")),
        VersionGen.Number,
        VersionGen.Of("019aAb.+_~^", 0, 6),
        VersionGen.Of("01a.~^", 0, 4).Select(release => "-" + release));

    private static Gen<string> Apk() => VersionGen.Join(
        VersionGen.Dotted,
        VersionGen.Maybe(VersionGen.Of("abp", 1, 1)),
        VersionGen.Maybe(VersionGen.Join(
            VersionGen.OneOf("_alpha", "_beta", "_pre", "_rc", "_cvs", "_svn", "_git", "_hg", "_p"), VersionGen.Maybe(VersionGen.Number))),
        VersionGen.Maybe(VersionGen.OneOf("_pre", "_p1")),
        VersionGen.Maybe(VersionGen.Of("0af", 1, 3).Select(hash => "~" + hash)),
        VersionGen.Maybe(VersionGen.Number.Select(revision => "-r" + revision)));

    private static Gen<string> Alpm() => VersionGen.Join(
        VersionGen.Maybe(VersionGen.OneOf("0:", "1:", ":")),
        VersionGen.Of("01ab.+_~", 0, 5),
        VersionGen.OneOf("0", "1", "a", "b", "00"),
        VersionGen.OneOf("-1", "-2", "-1.1"));

    private static Gen<string> Go() => Gen.Frequency(
        (4, SemVer),
        (1, VersionGen.Join(VersionGen.OneOf("", "go"), VersionGen.Dotted, VersionGen.Maybe(VersionGen.OneOf("rc1", "rc02", "beta1")))),
        (1, VersionGen.Join(VersionGen.OneOf("go"), VersionGen.Dotted, VersionGen.OneOf(" X:boringcrypto", "-bigcorp", ""))));

    private static Gen<string> Pep440()
    {
        Gen<string> separator = VersionGen.OneOf("", ".", "-", "_");
        Gen<string> valid = VersionGen.Join(
            VersionGen.OneOf("", "", "v", " "),
            VersionGen.Maybe(VersionGen.Number.Select(epoch => epoch + "!")),
            VersionGen.Dotted,
            VersionGen.Maybe(VersionGen.Join(
                separator, VersionGen.OneOf("a", "alpha", "B", "beta", "c", "rc", "pre", "preview"), VersionGen.Maybe(VersionGen.Number))),
            VersionGen.Maybe(VersionGen.Join(separator, VersionGen.OneOf("post", "rev", "R"), VersionGen.Maybe(VersionGen.Number))),
            VersionGen.Maybe(VersionGen.Join(separator, VersionGen.OneOf("dev", "DEV"), VersionGen.Maybe(VersionGen.Number))),
            VersionGen.Maybe(VersionGen.OneOf("+a", "+A.1", "+1", "+01", "+a-b", "+1_0")));
        Gen<string> legacy = VersionGen.Join(VersionGen.Dotted, separator, Word, separator, Word, VersionGen.OneOf("", "-", "-0", ".0", "--x", "_0"));
        return Gen.Frequency((3, valid), (2, legacy));
    }

    private static Gen<string> Maven()
    {
        Gen<string> separator = VersionGen.OneOf("", ".", "-");
        Gen<string> part = VersionGen.OneOf("0", "1", "2", "a", "RC", "cr", "SNAPSHOT", "ga", "sp", "abc", "x", "99999999999999999999999999999");
        Gen<string> versions = VersionGen.Join(
            VersionGen.Number, separator, part, separator, part, VersionGen.Maybe(VersionGen.OneOf(".1", "-1", "-x", ".0")));

        // Little else than words, behind a zero that may be gone: where lists meet words.
        Gen<string> words = VersionGen.Join(
            VersionGen.OneOf("0", "0-"), separator, VersionGen.OneOf("0", "1", "a", "ga", "x"), separator, VersionGen.OneOf("0", "1", "a", "ga", "x"));
        return Gen.OneOf(versions, words);
    }

    private static Gen<string> RubyGems() => VersionGen.Join(
        VersionGen.Dotted,
        VersionGen.Maybe(VersionGen.OneOf(".a", ".b1", ".rc2", ".pre", "-1", "-rc.1")),
        VersionGen.Maybe(VersionGen.Number.Select(number => "." + number)));

    private static Gen<string> Packagist()
    {
        Gen<string> first = VersionGen.OneOf("0", "1", "01", "2", "2010");
        Gen<string> rest = VersionGen.Maybe(VersionGen.Number.Select(number => "." + number));
        Gen<string> stability = VersionGen.OneOf("", "", "-a1", ".b", "beta.2", "_RC3", "-patch1", "p", "-stable", "-dev", "-b1-dev", "+build");
        return Gen.Frequency(
            (4, VersionGen.Join(VersionGen.OneOf("", "v"), first, rest, rest, rest, stability)),
            (1, VersionGen.Join(first, rest, VersionGen.OneOf(".x-dev", ".*-dev", ".X.dev"))),
            (1, VersionGen.Join(VersionGen.OneOf("2010", "2010-01", "201001"), VersionGen.OneOf("-01", ":02", "0102"), VersionGen.OneOf("", "-1", "-b1"))));
    }

    private static Gen<string> Php()
    {
        Gen<string> part = VersionGen.Maybe(VersionGen.Join(VersionGen.OneOf("", ".", "-", "_", "+"), Gen.OneOf(Word, VersionGen.Number)));
        return VersionGen.Join(VersionGen.Dotted, part, part, part);
    }

    private static Gen<string> Conda()
    {
        Gen<string> part = VersionGen.Maybe(VersionGen.Join(VersionGen.OneOf("", ".", "_"), Gen.OneOf(Word, VersionGen.OneOf("0", "1", "*", "DEV"))));
        return VersionGen.Join(
            VersionGen.Maybe(VersionGen.OneOf("0!", "1!")),
            VersionGen.Dotted,
            part,
            part,
            VersionGen.OneOf("", "", "_", "+1", "+a.1", "+0"));
    }

    private static Gen<string> Generic()
    {
        Gen<string> part = VersionGen.Maybe(VersionGen.Join(VersionGen.OneOf("", ".", "-", "_", "+"), Gen.OneOf(Word, VersionGen.OneOf("0", "1", "k", "za"))));
        return VersionGen.Join(VersionGen.OneOf("", "v"), VersionGen.Dotted, part, part);
    }
}
