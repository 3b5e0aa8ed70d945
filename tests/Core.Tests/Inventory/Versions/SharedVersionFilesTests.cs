using System.Text.Json;
using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Inventory.Versions;

/// <summary>Every row of every file of <c>../shared/data/versions</c>; the counts are those of the rows that were held to.</summary>
public sealed class SharedVersionFilesTests(ITestOutputHelper output)
{
    private static readonly Pep440VersionScheme Pep440 = new();
    private static readonly ApkVersionScheme Apk = new();
    private static readonly NpmVersionScheme Npm = new();

    private static readonly Dictionary<string, Func<string, int>> Files = new()
    {
        ["alpine-invalid.txt"] = path => AllHold(VersionFacts.Lines(path), version => !VersionFacts.IsVersion(Apk, version)),
        ["alpine-valid.txt"] = path => AllHold(VersionFacts.Lines(path), version => VersionFacts.Holds(Apk, version, version, 0)),
        ["apk.txt"] = path => VersionFacts.AllHold(Apk, path),
        ["dpkg.txt"] = path => VersionFacts.AllHold(new DpkgVersionScheme(), path),
        ["maven.txt"] = path => VersionFacts.AllHold(new MavenVersionScheme(), path),
        ["pep440-invalid.txt"] = path => AllHold(VersionFacts.Lines(path), IsLegacyOrNone),
        ["pep440-normalized.tsv"] = path => AllHold(Spellings(path), row => VersionFacts.Holds(Pep440, row.Spelling, row.Normal, 0)),
        ["pep440-versions-ascending.txt"] = path => Ascend([.. VersionFacts.Lines(path)]),
        ["rpm.txt"] = path => VersionFacts.AllHold(new RpmVersionScheme(), path),
        ["rubygems.txt"] = path => VersionFacts.AllHold(new RubyGemsVersionScheme(), path),
        ["semver/comparisons.json"] = path => AllHold(Rows(path), row => SemVersCompare(row, 1)),
        ["semver/equality.json"] = path => AllHold(Rows(path), row => SemVersCompare(row, 0)),

        // One row is an object, which no version can be here.
        ["semver/invalid-versions.json"] = path =>
            AllHold(Rows(path), row => row[0].ValueKind != JsonValueKind.String || !VersionFacts.IsVersion(Npm, row[0].GetString()!)),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void HoldInEveryRow(string file)
    {
        int rows = Files[file](SharedData.Path(["data", "versions", .. file.Split('/')]));

        output.WriteLine($"{file}: {rows} rows hold.");
        Assert.True(rows > 0, $"{file} has no rows.");
    }

    [Fact]
    public void AreAllHeldTo()
    {
        string folder = SharedData.Path("data", "versions");

        Assert.Equal(
            Files.Keys.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal));
    }

    private static int AllHold<T>(IEnumerable<T> rows, Predicate<T> holds)
    {
        T[] all = [.. rows];
        Assert.DoesNotContain(all, row => !holds(row));
        return all.Length;
    }

    // What has a digit comes before all that PEP 440 allows; what has none is no version.
    private static bool IsLegacyOrNone(string version) =>
        version.Any(char.IsAsciiDigit) ? VersionFacts.Holds(Pep440, version, "0.dev0", -1) : !VersionFacts.IsVersion(Pep440, version);

    private static bool SemVersCompare(JsonElement row, int expected) =>
        VersionFacts.Holds(Npm, row[0].GetString()!, row[1].GetString()!, expected)
        && VersionFacts.Holds(new SemVerVersionScheme(), row[0].GetString()!, row[1].GetString()!, expected);

    private static int Ascend(string[] ascending)
    {
        for (int i = 0; i < ascending.Length; i++)
        {
            for (int j = 0; j < ascending.Length; j++)
            {
                Assert.True(VersionFacts.Holds(Pep440, ascending[i], ascending[j], i.CompareTo(j)), $"{ascending[i]} and {ascending[j]}");
            }
        }

        return ascending.Length;
    }

    private static JsonElement[] Rows(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
    }

    // Two of the spellings are padded with tabs and line ends: they go on until a normal form stands behind the last tab.
    private static IEnumerable<(string Spelling, string Normal)> Spellings(string path)
    {
        string spelling = "";
        foreach (string line in File.ReadAllText(path).TrimEnd('\n').Split('\n'))
        {
            spelling += line;
            int tab = spelling.LastIndexOf('\t');
            string normal = spelling[(tab + 1)..];
            if (string.IsNullOrWhiteSpace(normal))
            {
                spelling += '\n';
                continue;
            }

            yield return (spelling[..tab], normal);
            spelling = "";
        }

        Assert.Empty(spelling);
    }
}
