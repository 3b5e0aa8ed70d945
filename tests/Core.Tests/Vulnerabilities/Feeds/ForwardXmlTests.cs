using System.Text;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

public sealed class ForwardXmlTests
{
    private static async Task<List<string>> NamesAsync(string text)
    {
        using var xml = new ForwardXml(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        var names = new List<string>();
        while (await xml.ReadAsync(TestContext.Current.CancellationToken))
        {
            if (xml.IsStart)
            {
                names.Add(xml.Name);
            }
        }

        return names;
    }

    [Fact]
    public async Task ReadsElementsWithoutTheirPrefixes()
    {
        Assert.Equal(["a", "c"], await NamesAsync("<?xml version='1.0'?><!-- x --><a xmlns:b='urn:x'><b:c/></a>"));
    }

    [Fact]
    public async Task ReadsTextsUpToALength()
    {
        using var xml = new ForwardXml(new MemoryStream(Encoding.UTF8.GetBytes($"<a><b> x<i/>&amp;y </b><c>{new string('z', 5000)}</c><d/></a>")));
        var texts = new List<string>();
        while (await xml.ReadAsync(TestContext.Current.CancellationToken))
        {
            if (xml is { IsStart: true, Name: "b" or "c" or "d" })
            {
                texts.Add(await xml.TextAsync(1500, TestContext.Current.CancellationToken));
            }
        }

        Assert.Equal(["x&y", new string('z', 1500), ""], texts);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM \"http://127.0.0.1/a.dtd\"><a/>")]
    [InlineData("<a><b></a>")]
    [InlineData("<a>")]
    [InlineData("")]
    [InlineData("invalid")]
    public async Task RefusesWhatIsNoWholeXmlOrHasATypeDefinition(string text)
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => NamesAsync(text));
    }

    [Fact]
    public async Task RefusesElementsNestedWithoutEnd()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => NamesAsync(string.Concat(Enumerable.Repeat("<a>", 1000))));
    }

    [Fact]
    public async Task RefusesAnAttributeThatIsTooLarge()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => NamesAsync($"<a b='{new string('x', 17 * 1024 * 1024)}'/>"));
    }
}
