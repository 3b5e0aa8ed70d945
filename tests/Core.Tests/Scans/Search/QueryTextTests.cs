using ImageScan.Core.Scans.Search;

namespace ImageScan.Core.Tests.Scans.Search;

/// <summary>The cases of https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/parser_test.go are of the same kind.</summary>
public sealed class QueryTextTests
{
    [Theory]
    [InlineData("a:b", "a:b")]
    [InlineData("a:b+c:d", "a:b|c:d")]
    [InlineData("a:b+c+d:e", "a:b+c|d:e")]
    [InlineData("a:1.0+deb", "a:1.0+deb")]
    [InlineData("a:\"b+c:d\"+e:f", "a:\"b+c:d\"|e:f")]
    [InlineData("a:docker.io/x:1+b:c", "a:docker.io/x:1|b:c")]
    [InlineData("", "")]
    public void SplitsTermsWhereAColonFollowsThePlus(string query, string terms) => Assert.Equal(terms.Split('|'), QueryText.TermsOf(query));

    [Theory]
    [InlineData("a:b,c", "a|b|c")]
    [InlineData(" a : b,c ", "a|b|c")]
    [InlineData("a:\"b,c\",d", "a|\"b,c\"|d")]
    [InlineData("a:b,", "a|b|")]
    [InlineData("a:b:c", "a|b:c")]
    public void SplitsValuesAtCommas(string term, string parts)
    {
        (string field, IReadOnlyList<string> values) = QueryText.Split(term)!.Value;

        Assert.Equal(parts.Split('|'), values.Prepend(field));
    }
}
