using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class SnapshotCheckTests
{
    private static readonly FeedRecord[] Records =
    [
        TestSnapshot.Read("""
            {"id":"GHSA-1","modified":"2024-01-01T00:00:00Z","aliases":["CVE-2024-1111"],
             "affected":[{"package":{"ecosystem":"npm","name":"x"},"versions":["7.0.0"]},{"package":{"ecosystem":"npm","name":"y"},"versions":["7.0.0"]}]}
            """),
        TestSnapshot.Read("""
            {"id":"DSA-1","modified":"2024-01-01T00:00:00Z","upstream":["CVE-2024-1111"],
             "affected":[{"package":{"ecosystem":"Debian:11","name":"y"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}
            """),
        new CveMetadata { Id = "CVE-2024-1111", PublishedOn = TestSnapshot.BuiltAt },
        new RepositoryCpes("a-rpms", ["cpe:/o:a"]),
        new RepositoryCpes("b-rpms", ["cpe:/o:b"]),
        new ReleaseEnd("debian", "11", new DateOnly(2024, 8, 14), null),
    ];

    private static byte[] Whole()
    {
        using var snapshot = TestSnapshot.OfRecords(Records);
        return File.ReadAllBytes(snapshot.Path);
    }

    private static SnapshotCheck Check(byte[] bytes)
    {
        SHA256.HashData(bytes.AsSpan(SnapshotFormat.HashedFrom)).CopyTo(bytes, SnapshotFormat.HashOffset);
        using var database = AdvisoryDatabase.Read(bytes, "made", false);
        return SnapshotCheck.Of(database);
    }

    private static byte[] With(string text, string other)
    {
        byte[] bytes = Whole();
        int place = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
        Assert.True(place > 0, text);
        Encoding.UTF8.GetBytes(other).CopyTo(bytes, place);
        return bytes;
    }

    private static Span<byte> SectionOf(byte[] bytes, SnapshotFormat.Section section)
    {
        var entry = bytes.AsSpan(SnapshotFormat.TableOffset + ((int)section * 16));
        return bytes.AsSpan((int)BinaryPrimitives.ReadInt64LittleEndian(entry), (int)BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
    }

    [Fact]
    public void CountsWhatItReads()
    {
        var check = Check(Whole());

        Assert.Empty(check.Problems);
        Assert.True(check.IsSound);
        Assert.Equal((3, 3, 2), (check.Packages, check.Postings, check.Advisories));
        Assert.Equal((1, 2, 1), (check.Cves, check.Repositories, check.ReleaseEnds));
    }

    [Theory]
    [InlineData("\"Advisories\":2", "\"Advisories\":3", "2 advisories where its description says 3")]
    [InlineData("\"Packages\":3", "\"Packages\":4", "3 packages where its description says 4")]
    [InlineData("\"Cves\":1", "\"Cves\":0", "1 CVEs where its description says 0")]
    [InlineData("{\"Ecosystem\":\"npm\"", "{\"Ecosystem\":\"npx\"", "does not name npm")]
    [InlineData("{\"Ecosystem\":\"npm\"", "{\"Ecosystem\":\"npx\"", "names npx, of which it has no package")]
    public void SaysWhatItsDescriptionIsWrongAbout(string text, string other, string problem)
    {
        Assert.Contains(Check(With(text, other)).Problems, said => said.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void FindsAPackageThatItsIndexDoesNotLeadTo()
    {
        var check = Check(With("npm\0x", "npm\0z"));

        Assert.Contains("index does not fit", Assert.Single(check.Problems, problem => problem.Contains("fit", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void FindsAnIndexOutOfOrder()
    {
        byte[] bytes = Whole();
        var keys = SectionOf(bytes, SnapshotFormat.Section.Keys);
        byte[] first = keys[..SnapshotFormat.KeyEntryLength].ToArray();
        keys[SnapshotFormat.KeyEntryLength..(2 * SnapshotFormat.KeyEntryLength)].CopyTo(keys);
        first.CopyTo(keys[SnapshotFormat.KeyEntryLength..]);

        Assert.False(Check(bytes).IsSound);
    }

    [Fact]
    public void FindsABlockThatCannotBeUnpacked()
    {
        byte[] bytes = Whole();
        SectionOf(bytes, SnapshotFormat.Section.AdvisoryBlocks)[3..].Fill(0xFF);

        Assert.False(Check(bytes).IsSound);
    }

    [Fact]
    public void FindsARepositoryUnderAnothersName()
    {
        byte[] bytes = Whole();
        var index = SectionOf(bytes, SnapshotFormat.Section.RepositoryIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(index, BinaryPrimitives.ReadUInt64LittleEndian(index) - 1);

        Assert.False(Check(bytes).IsSound);
    }
}
