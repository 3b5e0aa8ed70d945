using System.Text;
using CsCheck;
using ImageScan.Core.Images;
using ImageScan.Core.Tests.Images.Registries;

namespace ImageScan.Core.Tests.Images;

public sealed class ImageConfigReaderTests
{
    private const string Whole = """
        {"created":"2024-01-02T03:04:05.123456789Z","author":"me","os":"linux","architecture":"arm64",
         "config":{"User":"app","Cmd":["a","b"],"Entrypoint":["/e"],"Volumes":{"/data":{},"/log":{}},"Labels":{"k":"v"}},
         "history":[{"created":"2024-01-01T00:00:00Z","created_by":"RUN x","author":"you"},{"created_by":"ENV y","empty_layer":true}]}
        """;

    [Fact]
    public void ReadsWhatAnImageSaysOfItself()
    {
        ImageConfig config = Decode(Whole);

        Assert.Equal(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), config.Created);
        Assert.Equal(("me", "linux", "arm64", "app"), (config.Author, config.Os, config.Architecture, config.User));
        Assert.Equal(["a", "b"], config.Command);
        Assert.Equal(["/e"], config.Entrypoint);
        Assert.Equal(["/data", "/log"], config.Volumes);
        Assert.Equal("v", config.Labels["k"]);
        Assert.Equal(
            [new HistoryEntry(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), "RUN x", "you", false), new HistoryEntry(null, "ENV y", "", true)],
            config.History);
        Assert.Empty(config.Omissions);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"created":null,"config":null,"history":null}""")]
    [InlineData("""{"created":"0001-01-01T00:00:00Z","config":{"Cmd":null,"Volumes":null,"Labels":null}}""")]
    [InlineData("""{"created":5,"config":[],"history":{}}""")]
    public void ReadsWhatIsMissingAsNothing(string json)
    {
        ImageConfig config = Decode(json);

        Assert.Null(config.Created);
        Assert.Empty(config.Command);
        Assert.Empty(config.Labels);
        Assert.Empty(config.History);
        Assert.Empty(config.Omissions);
    }

    [Fact]
    public void LeavesOutLabelsAboveTheNumberAndSaysSo()
    {
        ImageConfig config = Decode("""{"config":{"Labels":{"a":"1","b":"2","c":"3"}}}""", new ImageLimits { Labels = 2 });

        Assert.Equal(["a", "b"], config.Labels.Keys.Order());
        Assert.StartsWith("1 labels of the image were left out", Assert.Single(config.Omissions), StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesOutLabelsAboveTheCharactersAndSaysSo()
    {
        ImageConfig config = Decode("""{"config":{"Labels":{"a":"12345","b":"1"}}}""", new ImageLimits { LabelCharacters = 5 });

        Assert.Equal(["b"], config.Labels.Keys);
        Assert.Contains("LabelCharacters", Assert.Single(config.Omissions), StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesOutHistoryAboveTheLimitAndSaysSo()
    {
        ImageConfig config = Decode(Whole, new ImageLimits { HistoryEntries = 1 });

        Assert.Equal("RUN x", Assert.Single(config.History).CreatedBy);
        Assert.Equal("The image's history has 2 entries; the first 1 are kept (HistoryEntries).", Assert.Single(config.Omissions));
    }

    [Fact]
    public void LeavesOutListItemsAboveTheLimitAndSaysSo()
    {
        ImageConfig config = Decode(Whole, new ImageLimits { ListItems = 1 });

        Assert.Equal(["a"], config.Command);
        Assert.Equal(["The image's command was cut after 1 items (ListItems).", "The image's volumes was cut after 1 items (ListItems)."], config.Omissions);
    }

    [Fact]
    public void CutsLongTextsAndSaysSo()
    {
        ImageConfig config = Decode("""{"author":"0123456789"}""", new ImageLimits { TextCharacters = 4 });

        Assert.Equal("0123", config.Author);
        Assert.Contains("(TextCharacters)", Assert.Single(config.Omissions), StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatATextIsNoUnicode()
    {
        ImageConfig config = Decode("""{"author":"\ud800","config":{"Labels":{"x":"\udfff"}}}""");

        Assert.Equal("", config.Author);
        Assert.Equal(2, config.Omissions.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{")]
    [InlineData("""{"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    public void RefusesWhatIsNoConfiguration(string json) => Assert.Throws<RegistryException>(() => Decode(json));

    [Fact]
    public void ThrowsOnlyRegistryExceptionsWhateverTheBytes()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Whole);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte.Array[0, 12]).Sample((at, bytes) =>
        {
            byte[] mutated = [.. whole[..at], .. bytes, .. whole[Math.Min(whole.Length, at + bytes.Length)..]];
            try
            {
                ImageConfigReader.Decode(mutated, FakeRegistry.DigestOf(mutated), new ImageLimits());
            }
            catch (RegistryException)
            {
                // The documented answer.
            }
        });
    }

    private static ImageConfig Decode(string json, ImageLimits? limits = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        return ImageConfigReader.Decode(bytes, FakeRegistry.DigestOf(bytes), limits ?? new ImageLimits());
    }
}
