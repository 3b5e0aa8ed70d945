using System.Text;
using CsCheck;
using ImageScan.Core.Vex;

namespace ImageScan.Core.Tests.Vex;

public sealed class VexReaderTests
{
    public const string OpenVex = """
        {"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://openvex.dev/docs/example/1","author":"Ann","timestamp":"2026-01-02T03:04:05.123456789-06:00",
        "version":1,"statements":[{"vulnerability":{"name":"CVE-2026-1","aliases":["GHSA-1"]},"status":"not_affected",
        "justification":"vulnerable_code_not_in_execute_path","impact_statement":"Never called.",
        "products":[{"@id":"pkg:oci/nginx","subcomponents":[{"identifiers":{"purl":"pkg:npm/lodash@4.17.20"}},{"@id":"https://example.com/x"}]}]}]}
        """;

    public const string CycloneDx = """
        {"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":2,
        "metadata":{"timestamp":"2026-01-02T03:04:05Z","authors":[{"name":"Ann"}],
        "component":{"type":"container","bom-ref":"image","name":"nginx","version":"1.27","purl":"pkg:oci/nginx"}},
        "components":[{"type":"library","bom-ref":"lib","name":"lodash","version":"4.17.20","purl":"pkg:npm/lodash@4.17.20"}],
        "vulnerabilities":[{"id":"CVE-2026-1","references":[{"id":"GHSA-1","source":{"name":"GitHub"}}],
        "analysis":{"state":"not_affected","justification":"code_not_reachable","detail":"Never called."},"affects":[{"ref":"lib"}]},
        {"id":"CVE-2026-2","affects":[{"ref":"lib"}]}]}
        """;

    [Theory]
    [InlineData(OpenVex, VexFormat.OpenVex, "vulnerable_code_not_in_execute_path")]
    [InlineData(CycloneDx, VexFormat.CycloneDx, "code_not_reachable")]
    public void ReadsWhatDocumentsSay(string document, VexFormat format, string justification)
    {
        VexDocument read = Read(document);

        VexStatement statement = Assert.Single(read.Statements);
        Assert.Equal((format, "Ann"), (read.Format, read.Author));
        Assert.Equal(["CVE-2026-1", "GHSA-1"], statement.Vulnerabilities);
        Assert.Equal((VexStatus.NotAffected, justification, "Never called."), (statement.Status, statement.Justification, statement.Detail));
        Assert.Equal(read.Timestamp, statement.Timestamp);
        VexProduct product = Assert.Single(statement.Products);
        Assert.Equal("nginx", Assert.Single(product.Component.Purls).Name);
        Assert.Equal("4.17.20", Assert.Single(product.Subcomponents[0].Purls).Version);
    }

    [Fact]
    public void KeepsAPartThatItDoesNotKnowAPart()
    {
        string document = OpenVex.Replace("""{"identifiers":{"purl":"pkg:npm/lodash@4.17.20"}},""", "", StringComparison.Ordinal);

        VexComponent unknown = Assert.Single(Assert.Single(Assert.Single(Read(document).Statements).Products).Subcomponents);

        Assert.Empty(unknown.Purls);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{\"@context\":1}")]
    [InlineData("{\"@context\":\"https://openvex.dev/ns/v0.3.0\"}")]
    [InlineData("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.3\"}")]
    [InlineData("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{\"bom-ref\":\"a\"},{\"bom-ref\":\"a\"}]}")]
    [InlineData("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":[]}")]
    public void RefusesWhatIsNone(string document) => Assert.Throws<FormatException>(() => Read(document));

    [Theory]
    [InlineData("\"not_affected\"", "\"harmless\"", "status")]
    [InlineData("vulnerable_code_not_in_execute_path", "because", "justification")]
    [InlineData("\"name\":\"CVE-2026-1\"", "\"name\":\"\"", "without a name")]
    [InlineData("2026-01-02T03:04:05.123456789-06:00", "yesterday", "RFC 3339")]
    [InlineData("2026-01-02T03:04:05.123456789-06:00", "2026-01-02T03:04:05", "RFC 3339")]
    [InlineData("\"products\"", "\"product\"", "names no products")]
    [InlineData("\"aliases\":[\"GHSA-1\"]", "\"aliases\":[1]", "aliases")]
    [InlineData("\"status\":", "\"subcomponents\":[],\"status\":", "before 0.2.0")]
    [InlineData("\"justification\":\"vulnerable_code_not_in_execute_path\",\"impact_statement\":\"Never called.\",", "", "without a justification")]
    [InlineData("{\"@id\":\"pkg:oci/nginx\"", "[{\"@id\":\"pkg:oci/nginx\"", "no valid JSON")]
    public void SaysWhatIsWrongAndReadsNothing(string right, string wrong, string word)
    {
        string document = OpenVex.ReplaceLineEndings("");
        Assert.Contains(right, document, StringComparison.Ordinal);

        FormatException refusal = Assert.Throws<FormatException>(() => Read(document.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"not_affected\"", "\"fine\"")]
    [InlineData("code_not_reachable", "because")]
    [InlineData("\"affects\":[{\"ref\":\"lib\"}]},{", "\"affects\":[{}]},{")]
    public void RefusesBrokenAnalyses(string right, string wrong)
    {
        string document = CycloneDx.ReplaceLineEndings("");
        Assert.Contains(right, document, StringComparison.Ordinal);

        Assert.Throws<FormatException>(() => Read(document.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void HasBounds()
    {
        Assert.Throws<FormatException>(() => VexReader.Read(new MemoryStream(new byte[VexReader.MaxBytes + 1])));
        Assert.Throws<FormatException>(() => Read(string.Concat(Enumerable.Repeat("{\"bomFormat\":", 100_000))));
        Assert.Throws<FormatException>(() => Read(
            $$"""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{string.Join(',', Enumerable.Repeat("{}", VexReader.MaxIdentifiers + 1))}}]}"""));
    }

    [Fact]
    public void AnswersAnyBytesWithADocumentOrAWord() => Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Spoilt(OpenVex),
        Spoilt(CycloneDx)).Sample(bytes =>
    {
        try
        {
            return VexReader.Read(bytes) is not null;
        }
        catch (FormatException refusal)
        {
            return refusal.Message.Length > 0 && !refusal.Message.Any(char.IsControl);
        }
    });

    public static VexDocument Read(string document) => VexReader.Read(Encoding.UTF8.GetBytes(document));

    // A few bytes of a good one are others, or a piece of it is gone, or there twice.
    private static Gen<byte[]> Spoilt(string document)
    {
        byte[] whole = Encoding.UTF8.GetBytes(document);
        return Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 40], Gen.Byte.Array[0, 3], Gen.Bool, (at, length, instead, twice) =>
        {
            int end = Math.Min(whole.Length, at + length);
            return (byte[])[.. whole[..at], .. instead, .. twice ? whole[at..end] : [], .. twice ? whole[at..] : whole[end..]];
        });
    }
}
