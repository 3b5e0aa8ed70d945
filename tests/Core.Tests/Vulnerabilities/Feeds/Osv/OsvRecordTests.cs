using System.Text;
using CsCheck;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Osv;

public sealed class OsvRecordTests
{
    private const string Whole = """
        {"schema_version":"1.7.0","id":"GHSA-aaaa-bbbb-cccc","modified":"2024-02-03T04:05:06.123456789Z","published":"2024-01-02T00:00:00Z",
         "aliases":["CVE-2024-1111"],"upstream":["CVE-2024-2222"],"related":["CVE-2024-3333"],"summary":"Something bad","details":"Long",
         "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},{"type":"CVSS_V4","score":"CVSS:4.0/x"}],
         "database_specific":{"severity":"HIGH"},
         "references":[{"type":"WEB","url":"https://example.com/web"},{"type":"ADVISORY","url":"https://example.com/advisory"}],
         "affected":[{"package":{"ecosystem":"Debian:11","name":"curl"},"versions":["1.0"],
           "ranges":[{"type":"GIT","repo":"x","events":[{"introduced":"0"}]},
                     {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"last_affected":"1.1"},{"limit":"3"}]},
                     {"type":"SEMVER","events":[{"introduced":"2"},{"fixed":"2.1"}]}],
           "ecosystem_specific":{"urgency":"unimportant"},"severity":[{"type":"CVSS_V2","score":"AV:N/AC:L/Au:N/C:N/I:N/A:P"}]}]}
        """;

    private static bool TryRead(string json, out Advisory? advisory, out IReadOnlyList<string> problems) =>
        OsvRecord.TryRead(Encoding.UTF8.GetBytes(json), out advisory, out problems);

    private static string Minimal(string rest) => $$"""{"id":"X-1","modified":"2024-01-01T00:00:00Z",{{rest}}}""";

    [Theory]
    [InlineData(10_000, 1)]
    [InlineData(10_001, 0)]
    public void LeavesOutARangeOfTooManyEventsAndSaysSo(int count, int ranges)
    {
        string events = string.Join(',', Enumerable.Range(1, count).Select(i => $$"""{"introduced":"{{i}}"}"""));

        Assert.True(TryRead(
            Minimal($$"""
                "affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{{events}}]}]}]
                """),
            out var advisory,
            out var problems));

        Assert.Equal(ranges, Assert.Single(advisory!.Affected).Ranges.Count);
        Assert.Equal(1 - ranges, problems.Count(problem => problem.Contains("10000 events", StringComparison.Ordinal)));
    }

    [Fact]
    public void ReadsEveryPartThatMatters()
    {
        Assert.True(TryRead(Whole, out var advisory, out var problems));

        Assert.Empty(problems);
        Assert.NotNull(advisory);
        Assert.Equal("GHSA-aaaa-bbbb-cccc", advisory.Id);
        Assert.Equal(new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc), advisory.Modified.UtcDateTime, TimeSpan.FromSeconds(1));
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.Zero), advisory.Published);
        Assert.Equal(["CVE-2024-1111", "CVE-2024-2222", "CVE-2024-3333"], [.. advisory.Aliases, .. advisory.Upstream, .. advisory.Related]);
        Assert.Equal("CVE-2024-2222", Assert.Single(advisory.Upstream));
        Assert.Equal(("Something bad", "https://example.com/advisory", "HIGH"), (advisory.Summary, advisory.Link, advisory.SeverityWord));
        Assert.Equal(new CvssVectors(null, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:4.0/x"), advisory.Vectors);
        var affected = Assert.Single(advisory.Affected);
        Assert.Equal((new OsvEcosystem("Debian", "11"), "curl", "unimportant"), (affected.Ecosystem, affected.Name, affected.SeverityWord));
        Assert.Equal(["1.0"], affected.Versions);
        Assert.Equal([RangeOrder.Ecosystem, RangeOrder.SemVer], affected.Ranges.Select(range => range.Order));
        Assert.Equal(
            [new(RangeEventKind.Introduced, "0"), new(RangeEventKind.LastAffected, "1.1"), new(RangeEventKind.Limit, "3")],
            affected.Ranges[0].Events);
        Assert.Equal("AV:N/AC:L/Au:N/C:N/I:N/A:P", affected.Vectors.V2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"modified":"2024-01-01T00:00:00Z"}""")]
    [InlineData("""{"id":7,"modified":"2024-01-01T00:00:00Z"}""")]
    [InlineData("""{"id":"X-1"}""")]
    [InlineData("""{"id":"X-1","modified":"yesterday"}""")]
    [InlineData("""{"id":"X-1","modified":"2024-01-01T00:00:00"}""")]
    [InlineData("""{"id":"X-1","modified":"2024-01-01T00:00:00Z","withdrawn":true}""")]
    [InlineData("""{"id":"\ud800","modified":"2024-01-01T00:00:00Z"}""")]
    public void RefusesARecordWithoutIdOrDates(string json)
    {
        Assert.False(TryRead(json, out _, out var problems));
        Assert.Single(problems);
    }

    [Fact]
    public void RefusesJsonNestedWithoutEnd()
    {
        Assert.False(TryRead(Minimal("\"details\":" + new string('[', 5000)), out _, out var problems));
        Assert.Single(problems);
    }

    [Fact]
    public void KeepsTheRestOfARecordWhoseRangesAreNoList()
    {
        string json = Minimal("""
            "affected":[{"package":{"ecosystem":"Photon OS:3.0","name":"bad"},"ranges":{"type":"ECOSYSTEM"}},
                        {"package":{"ecosystem":"Photon OS:3.0","name":"good"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]
            """);

        Assert.True(TryRead(json, out var advisory, out var problems));

        Assert.Equal(["has 'ranges' that is no list"], problems);
        Assert.Empty(advisory!.Affected[0].Ranges);
        Assert.Single(advisory.Affected[1].Ranges);
    }

    [Theory]
    [InlineData("""[{"introduced":"0","fixed":"1"}]""")]
    [InlineData("""[{"introduced":0}]""")]
    [InlineData("""[{"mended":"1"}]""")]
    [InlineData("""["0"]""")]
    [InlineData("""{"introduced":"0"}""")]
    public void NamesARangeWithEventsOfNoKnownForm(string events)
    {
        string json = Minimal($$"""
            "affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":{{events}}}]}]
            """);

        Assert.True(TryRead(json, out var advisory, out var problems));

        Assert.Single(problems);
        Assert.All(Assert.Single(advisory!.Affected).Ranges, range => Assert.Empty(range.Events));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"fixed":"1.5.0"}""")]
    [InlineData("""{"last_affected":"1.5.0"},{"limit":"2"}""")]
    public void LeavesOutARangeWithoutABeginAndSaysSo(string events)
    {
        string json = Minimal($$"""
            "affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{{events}}]}]}]
            """);

        Assert.True(TryRead(json, out var advisory, out var problems));

        Assert.Equal("has a range without 'introduced'", Assert.Single(problems));
        Assert.Empty(Assert.Single(advisory!.Affected).Ranges);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/relative")]
    [InlineData("")]
    public void TakesNoLinkThatIsNoWebPage(string url)
    {
        Assert.True(TryRead(Minimal($$"""
            "references":[{"type":"ADVISORY","url":"{{url}}"}]
            """), out var advisory, out _));

        Assert.Equal("", advisory!.Link);
    }

    [Fact]
    public void TakesTheBeginningOfTheDetailsWhereThereIsNoSummary()
    {
        Assert.True(TryRead(Minimal($$"""
            "details":"{{string.Concat(Enumerable.Repeat("word ", 1000))}}"
            """), out var advisory, out _));

        Assert.StartsWith("word word", advisory!.Summary, StringComparison.Ordinal);
        Assert.EndsWith("word …", advisory.Summary, StringComparison.Ordinal);
        Assert.InRange(advisory.Summary.Length, 280, 302);
    }

    [Fact]
    public void CutsAListOfIdsWithoutEnd()
    {
        string ids = string.Join(",", Enumerable.Range(10_000, 10_500).Select(number => $"\"CVE-2024-{number}\""));

        Assert.True(TryRead(Minimal($"\"upstream\":[{ids}]"), out var advisory, out var problems));

        Assert.Equal(10_000, advisory!.Upstream.Count);
        Assert.Single(problems);
    }

    [Fact]
    public void ThrowsNothingOnMutatedRecords()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Whole);

        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Array[1, 8].Sample(
            changes =>
            {
                byte[] bytes = [.. whole];
                int length = bytes.Length;
                foreach (var (place, value, cut) in changes)
                {
                    bytes[place] = value;
                    length = value < 8 ? Math.Min(length, cut) : length;
                }

                bool read = OsvRecord.TryRead(bytes.AsMemory(0, length), out var advisory, out var problems);
                Assert.Equal(read, advisory is not null);
                Assert.True(read || problems.Count > 0);
            },
            iter: 3000);
    }
}
