using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class AdvisoryDatabaseTests : IDisposable
{
    private static readonly OsvEcosystem Npm = OsvEcosystem.Parse("npm");

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _whole;

    public AdvisoryDatabaseTests()
    {
        using var snapshot = TestSnapshot.OfRecords(
            new CveMetadata { Id = "CVE-2024-1111", PublishedOn = TestSnapshot.BuiltAt },
            new RepositoryCpes("rhel-9-for-x86_64-baseos-rpms", ["cpe:/o:redhat:enterprise_linux:9::baseos"]),
            new ReleaseEnd("debian", "11", new DateOnly(2024, 8, 14), null),
            TestSnapshot.Read("""
            {"id":"GHSA-1","modified":"2024-01-01T00:00:00Z","aliases":["CVE-2024-1111"],"summary":"text",
             "affected":[{"package":{"ecosystem":"npm","name":"x"},"versions":["7.0.0"],
               "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"}]}]}]}
            """),
            TestSnapshot.Read("""
            {"id":"DSA-1","modified":"2024-01-01T00:00:00Z","upstream":["CVE-2024-1111"],
             "affected":[{"package":{"ecosystem":"Debian:11","name":"y"},"ecosystem_specific":{"urgency":"low"},
               "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.0"}]}]}]}
            """));
        _whole = File.ReadAllBytes(snapshot.Path);
    }

    public void Dispose() => _folder.Dispose();

    private AdvisoryDatabase Open(byte[] bytes)
    {
        string path = _folder.File("a.snap");
        File.WriteAllBytes(path, bytes);
        return AdvisoryDatabase.Open(path);
    }

    private string Refusal(byte[] bytes)
    {
        var refused = Assert.Throws<AdvisoryDatabaseException>(() => Open(bytes));
        Assert.Contains("a.snap", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Advisories__Path", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }

    [Fact]
    public void NamesAFileThatIsMissing()
    {
        var refused = Assert.Throws<AdvisoryDatabaseException>(() => AdvisoryDatabase.Open(_folder.File("missing.snap")));

        Assert.Contains("missing.snap", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Advisories__Path", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAFileThatIsNoSnapshot()
    {
        Assert.Contains("no snapshot", Refusal(new byte[4096]), StringComparison.Ordinal);
        Assert.Contains("less than a header", Refusal([]), StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAnotherFormatVersion()
    {
        byte[] bytes = [.. _whole];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 99);

        Assert.Contains("format 99", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAFileCutShortAnywhere()
    {
        for (int length = 0; length < _whole.Length; length += 7)
        {
            Refusal(_whole[..length]);
        }
    }

    [Fact]
    public void RefusesAFileThatSomethingWasAddedTo() => Refusal([.. _whole, 0]);

    [Fact]
    public void RefusesEveryFlippedBit()
    {
        Gen.Select(Gen.Int[0, _whole.Length - 1], Gen.Int[0, 7]).Sample(
            flip =>
            {
                byte[] bytes = [.. _whole];
                bytes[flip.Item1] ^= (byte)(1 << flip.Item2);
                Assert.Throws<AdvisoryDatabaseException>(() => AdvisoryDatabase.Read(bytes, "mutated", false));
            },
            iter: 2000);
    }

    // Whoever writes the file can write its sha256 too: then every place in it is hostile.
    [Fact]
    public void ThrowsNothingElseOnChangesThatTheHashKnowsOf()
    {
        using var sound = AdvisoryDatabase.Read(_whole, "sound", false);
        Gen.Select(Gen.Int[8, _whole.Length - 1], Gen.Byte).Array[1, 6].Sample(
            changes =>
            {
                byte[] bytes = [.. _whole];
                foreach (var (place, value) in changes)
                {
                    bytes[place] = value;
                }

                SHA256.HashData(bytes.AsSpan(48)).CopyTo(bytes, 16);
                try
                {
                    using var database = AdvisoryDatabase.Read(bytes, "mutated", false);
                    var lookup = database.Lookup();
                    _ = database.Covers("npm");
                    _ = lookup.Find(Npm, "x");
                    _ = lookup.Find(OsvEcosystem.Parse("Debian:11"), "y");
                    _ = lookup.Cve("CVE-2024-1111");
                    _ = lookup.Advisory(0);
                    _ = lookup.Advisory(1);
                    _ = lookup.CpesOf("rhel-9-for-x86_64-baseos-rpms");
                    _ = SnapshotCheck.Of(database);
                    _ = SnapshotDifference.Of(sound, database);
                }
                catch (AdvisoryDatabaseException)
                {
                    // The documented answer.
                }
            },
            iter: 5000);
    }

    [Fact]
    public void TellsOfAFileThatWasCutShortWhileOpen()
    {
        using var database = Open(_whole);
        using (var file = new FileStream(_folder.File("a.snap"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(SnapshotFormat.HeaderLength + 10);
        }

        Assert.Throws<AdvisoryDatabaseException>(() => database.Lookup().Find(Npm, "x"));
    }

    [Fact]
    public void TellsOfAFileThatWasWrittenOverWhileOpen()
    {
        using var database = Open(_whole);
        using (var file = new FileStream(_folder.File("a.snap"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 160;
            file.Write(new byte[_whole.Length - 160]);
        }

        Assert.Throws<AdvisoryDatabaseException>(() => database.Lookup().Find(Npm, "x"));
    }

    [Fact]
    public async Task AnswersManyThreadsAtOnce()
    {
        using var database = Open(_whole);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 200).Sum(_ => database.Lookup().Find(Npm, "x").Count),
            TestContext.Current.CancellationToken)));

        Assert.All(answers, answer => Assert.Equal(200, answer));
    }

    [Fact]
    public void SaysThatAnAdvisoryIsNotInIt()
    {
        using var database = Open(_whole);

        Assert.Throws<AdvisoryDatabaseException>(() => database.Lookup().Advisory(2));
    }
}
