using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;
using static ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat.MadeVex;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat;

/// <summary>Damaged documents and archives: never another exception than the documented ones, and never without end.</summary>
public sealed class HostileRedHatTests
{
    private const string Name = "2024/cve-2024-1000.json";
    private const string Purl = "pkg:rpm/redhat/npm@8.19.3-1.module%2Bel8.7.0%2B1%2Bab?arch=x86_64&epoch=1&rpmmod=nodejs:18:8070020230301:bd1311ed";

    private static readonly byte[] Document = new MadeVex()
        .Fixed(AppStream9, Purl).Fixed(BaseOs9, "pkg:rpm/redhat/ruby@1-1?arch=noarch", module: "pkg:rpmmod/redhat/ruby@3.3:8:4")
        .Says("known_affected", Rhel9, "pkg:rpm/redhat/foo?arch=src").Says("known_not_affected", BaseOs9, "pkg:rpm/redhat/libfoo@1-1?arch=x86_64")
        .Remedy("no_fix_planned", "Will not fix", null, Id(Rhel9, "pkg:rpm/redhat/foo?arch=src"))
        .Impact("Low", Id(AppStream9, Purl)).Score("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L", 1.8, Id(AppStream9, Purl)).Bytes;

    private static readonly byte[] Archive = MadeArchive.Of((Name, Document), ("2024/cve-2024-1001.json", Document));

    // What can stand in place of anything.
    private static readonly string[] Values = ["null", "0", "\"\"", "[]", "{}", "[[]]", "[null]", "\"\\ud800\"", "1e999", "true", "\"a\""];

    private static async Task ReadAsync(byte[] content)
    {
        try
        {
            await FeedReading.OfAsync(new RedHatFeed(), Name, content);
        }
        catch (Exception documented) when (documented is FeedException or IOException or InvalidDataException)
        {
            // What ReadAsync says it throws of what cannot be read.
        }
    }

    [Fact]
    public async Task SurvivesDamagedDocuments() => await Gen.Select(Gen.Int[0, Document.Length - 1], Gen.Byte).Array[1, 8].SampleAsync(
        damage => ReadAsync(Damaged(Document, damage)), iter: 3_000);

    [Fact]
    public async Task SurvivesDamagedArchives() => await Gen.Select(Gen.Int[0, Archive.Length - 1], Gen.Byte).Array[1, 8].SampleAsync(
        damage => ReadAsync(Damaged(Archive, damage)), iter: 1_000);

    [Fact]
    public async Task SurvivesArchivesThatAreCutShort() =>
        await Gen.Int[0, Archive.Length - 1].SampleAsync(length => ReadAsync(Archive[..length]), iter: 500);

    // Any value of the document replaced by any other kind.
    [Fact]
    public async Task SurvivesValuesOfOtherKinds()
    {
        int count = Places(JsonNode.Parse(Document)!).Count();
        foreach (string value in Values)
        {
            for (int place = 0; place < count; place++)
            {
                JsonNode root = JsonNode.Parse(Document)!;
                JsonNode replaced = Places(root).ElementAt(place);
                replaced.ReplaceWith("?");
                byte[] text = Encoding.UTF8.GetBytes(root.ToJsonString().Replace("\"?\"", value, StringComparison.Ordinal));

                FeedReading reading = await FeedReading.OfAsync(new RedHatFeed(), Name, text);

                Assert.True(reading.Advisories.Count <= 1);
            }
        }
    }

    [Fact]
    public async Task EndsWhereRelationshipsGoRoundInCircles()
    {
        const string Circles = """
            {"document":{"tracking":{"id":"CVE-2024-1000","current_release_date":"2024-08-04T10:17:22Z"}},
             "product_tree":{"relationships":[
               {"full_product_name":{"product_id":"a"},"product_reference":"b","relates_to_product_reference":"b"},
               {"full_product_name":{"product_id":"b"},"product_reference":"a","relates_to_product_reference":"a"}]},
             "vulnerabilities":[{"cve":"CVE-2024-1000","product_status":{"fixed":["a","b"]}}]}
            """;

        FeedReading reading = await FeedReading.OfTextAsync(new RedHatFeed(), Name, Circles);

        Assert.Empty(Assert.Single(reading.Advisories).Affected);
    }

    [Fact]
    public async Task RefusesADocumentThatIsTooDeep()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"branches\":[", 100_000));

        FeedReading reading = await FeedReading.OfTextAsync(new RedHatFeed(), Name, deep);

        Assert.Equal(1, reading.Report.Malformed);
    }

    // As many statements as a document of the largest real size could have.
    [Fact]
    public async Task ReadsManyStatementsInBoundedTime()
    {
        var ids = new StringBuilder();
        var relationships = new StringBuilder();
        for (int i = 0; i < 50_000; i++)
        {
            string comma = i == 0 ? "" : ",";
            ids.Append(comma).Append('"').Append('p').Append(i).Append('"');
            relationships.Append(comma).Append("{\"full_product_name\":{\"product_id\":\"p").Append(i)
                .Append("\"},\"product_reference\":\"c\",\"relates_to_product_reference\":\"w\"}");
        }

        string text = """
            {"document":{"tracking":{"id":"CVE-2024-1000","current_release_date":"2024-08-04T10:17:22Z"}},
             "product_tree":{"branches":[{"product":{"product_id":"w","product_identification_helper":{"cpe":"CPE"}}},
               {"product":{"product_id":"c","product_identification_helper":{"purl":"pkg:rpm/redhat/foo@1-1?arch=x86_64"}}}],
              "relationships":[RELATIONSHIPS]},
             "vulnerabilities":[{"cve":"CVE-2024-1000","product_status":{"fixed":[IDS],"known_not_affected":[IDS]}}]}
            """.Replace("CPE", BaseOs9, StringComparison.Ordinal).Replace("RELATIONSHIPS", relationships.ToString(), StringComparison.Ordinal)
            .Replace("IDS", ids.ToString(), StringComparison.Ordinal);
        long started = Stopwatch.GetTimestamp();

        FeedReading reading = await FeedReading.OfTextAsync(new RedHatFeed(), Name, text);

        Assert.Single(Assert.Single(reading.Advisories).Affected);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static byte[] Damaged(byte[] good, (int Place, byte Value)[] damage)
    {
        byte[] bytes = [.. good];
        foreach ((int place, byte value) in damage)
        {
            bytes[place] = value;
        }

        return bytes;
    }

    private static IEnumerable<JsonNode> Places(JsonNode node)
    {
        IEnumerable<JsonNode?> inner = node switch
        {
            JsonObject all => all.Select(member => member.Value),
            JsonArray all => all,
            _ => [],
        };
        return inner.OfType<JsonNode>().SelectMany(child => Places(child).Prepend(child));
    }
}
