using System.Text;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

public sealed class JsonEntriesTests
{
    private const int MaxEntryBytes = 300_000;

    [Theory]
    [InlineData("""{"list":[{"a":1},[2],"3",4]}""")]
    [InlineData("""  {"other":{"list":["no"]},"list":[{"a":1},[2],"3",4],"list":["no"],"after":[5]} """)]
    [InlineData("\uFEFF{\"list\":[{\"a\":1},[2],\"3\",4]}")]
    public async Task GivesTheEntriesOfTheOutermostList(string json) =>
        Assert.Equal(["{\"a\":1}", "[2]", "\"3\"", "4"], await ReadAsync(json));

    [Fact]
    public async Task GivesEntriesThatLieAcrossAndBeyondABuffer()
    {
        string[] entries = [.. Enumerable.Range(0, 300).Select(number => $$"""{"id":{{number}},"text":"{{new string('x', number * 700)}}"}""")];

        Assert.Equal(entries, await ReadAsync($$"""{"big":"{{new string('y', 100_000)}}","list":[{{string.Join(',', entries)}}]}"""));
    }

    [Fact]
    public async Task GivesNothingOfAnEmptyList() => Assert.Empty(await ReadAsync("""{"list":[]}"""));

    [Theory]
    [InlineData("", "It is no valid JSON")]
    [InlineData("no JSON", "It is no valid JSON")]
    [InlineData("""{"\ud800":1,"list":[1]}""", "It is no valid JSON")]
    [InlineData("[]", "It has no list 'list'.")]
    [InlineData("{}", "It has no list 'list'.")]
    [InlineData("""{"a":[{"list":[1]}]}""", "It has no list 'list'.")]
    [InlineData("""{"list":{"a":1}}""", "Its 'list' is no list.")]
    [InlineData("""{"list":[1,2""", "It is no valid JSON")]
    [InlineData("""{"list":[1,2]""", "It is no valid JSON")]
    public async Task RefusesWhatIsNoSuchDocument(string json, string reason)
    {
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(json));

        Assert.StartsWith(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesAnEntryThatIsTooLargeWithoutReadingItAll()
    {
        var endless = new EndlessText("{\"list\":[\"");

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(endless));

        Assert.Equal($"An entry of it is larger than {MaxEntryBytes} bytes.", refusal.Message);
        Assert.InRange(endless.Given, MaxEntryBytes, 4 * MaxEntryBytes);
    }

    [Fact]
    public async Task RefusesDeepNesting() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync("{\"list\":[" + new string('[', 200) + new string(']', 200) + "]}"));

    private static Task<List<string>> ReadAsync(string json) => ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static async Task<List<string>> ReadAsync(Stream json)
    {
        var entries = new List<string>();
        await foreach (var entry in JsonEntries.OfAsync(json, "list", MaxEntryBytes, TestContext.Current.CancellationToken))
        {
            entries.Add(entry.GetRawText());
        }

        return entries;
    }

    private sealed class EndlessText(string beginning) : MemoryStream
    {
        public int Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            if (Given == 0)
            {
                Encoding.UTF8.GetBytes(beginning).CopyTo(buffer);
            }

            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
