using ImageScan.Core.Access;
using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Access;

public sealed class ApiTokenTextTests
{
    [Theory]
    [InlineData(ApiTokenKind.Generated, "isf_")]
    [InlineData(ApiTokenKind.Exchanged, "isx_")]
    public void LeadsToItsRow(ApiTokenKind kind, string prefix)
    {
        (string text, ApiTokenText known) = ApiTokenText.New(kind);

        Assert.StartsWith(prefix, text, StringComparison.Ordinal);
        Assert.True(ApiTokenText.TryRead(text, out ApiTokenText? read));
        Assert.Equal((known.Kind, known.Id), (read.Kind, read.Id));
        Assert.Equal(known.Hash, read.Hash);
    }

    // 256 random bits, and none of them in the row's key.
    [Fact]
    public void IsNeverTheSame()
    {
        string[] texts = [.. Enumerable.Range(0, 1_000).Select(_ => ApiTokenText.New(ApiTokenKind.Generated).Text)];

        Assert.Distinct(texts);
        Assert.Distinct(texts.Select(text => text[^42..]));
        Assert.All(texts, text => Assert.Equal(68, text.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("isf_")]
    [InlineData("isf_AAAA")]
    [InlineData("isf_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("isf_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+/")]
    [InlineData("isf_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA  ")]
    [InlineData("ISF_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("iss_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void IsNothingElse(string text) => Assert.False(ApiTokenText.TryRead(text, out _));
}
