using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Vulnerabilities;

public sealed class CveIdTests
{
    [Theory]
    [InlineData("CVE-1999-0001")]
    [InlineData("CVE-2021-44228")]
    [InlineData("CVE-2024-1234567")]
    public void IsAYearAndFourDigitsOrMore(string id) => Assert.True(CveId.IsOne(id));

    [Theory]
    [InlineData("")]
    [InlineData("CVE-2021-123")]
    [InlineData("CVE-2021-44228 ")]
    [InlineData("CVE-2021-+4228")]
    [InlineData("cve-2021-44228")]
    [InlineData("ALPINE-CVE-2021-44228")]
    [InlineData("GHSA-jfh8-c2jp-5v3q")]
    [InlineData("CVE-2021-1234567890123")]
    public void IsNothingShorterLongerOrSpeltOtherwise(string id) => Assert.False(CveId.IsOne(id));

    [Fact]
    public void OrdersByYearThenNumber()
    {
        string[] ids = ["CVE-1999-9999", "CVE-2021-0001", "CVE-2021-9999", "CVE-2021-10000", "CVE-2022-0001"];

        var keys = ids.Select(id => CveId.TryParse(id, out ulong key) ? key : 0).ToArray();

        Assert.Equal(keys.Order(), keys);
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Theory]
    [InlineData("CVE-1999-0001")]
    [InlineData("CVE-2021-44228")]
    [InlineData("CVE-2024-1234567")]
    public void IsWrittenFromItsNumber(string id)
    {
        Assert.True(CveId.TryParse(id, out ulong key));
        Assert.Equal(id, CveId.TextOf(key));
    }
}
