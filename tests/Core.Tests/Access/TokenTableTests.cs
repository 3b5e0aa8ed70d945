using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Access;
using Microsoft.Extensions.Configuration;

namespace ImageScan.Core.Tests.Access;

public sealed class TokenTableTests
{
    private static readonly AccessToken Alice = new() { Name = "alice", Hash = HashOf("a-token"), Role = AccessRole.Scan };
    private static readonly AccessToken Bob = new() { Name = "bob", Hash = HashOf("b-token").ToUpperInvariant() };

    [Fact]
    public void FindsTheCallerOfAToken()
    {
        TokenTable table = TableOf(Alice, Bob);

        Assert.Equal("alice", table.Find("a-token")?.Name);
        Assert.Equal("bob", table.Find("b-token")?.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A-token")]
    [InlineData("a-token ")]
    [InlineData("\uD800")]
    public void FindsNobodyForAnyOtherToken(string token) => Assert.Null(TableOf(Alice, Bob).Find(token));

    [Fact]
    public void DoesNotTakeTheHashForTheToken() => Assert.Null(TableOf(Alice).Find(Alice.Hash));

    [Fact]
    public void FindsNobodyWithoutTokens() => Assert.Null(TableOf().Find("a-token"));

    [Theory]
    [InlineData("")]
    [InlineData("a-token")]
    [InlineData("zz")]
    public void NamesTheSettingOfABadHash(string hash)
    {
        var error = Assert.Throws<FormatException>(() => TableOf(Alice, Bob with { Hash = hash }));

        Assert.StartsWith("Access__Tokens__1__Hash is no sha256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesTheSettingOfABadRole() =>
        Assert.StartsWith("Access__Tokens__0__Role", Assert.Throws<FormatException>(() => TableOf(Alice with { Role = (AccessRole)9 })).Message, StringComparison.Ordinal);

    [Fact]
    public void IsReadFromTheDocumentedSettings()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Access:Tokens:0:Name"] = "ci",
            ["Access:Tokens:0:Hash"] = HashOf("t"),
            ["Access:Tokens:0:Role"] = "scan",
            ["Access:Tokens:1:Hash"] = HashOf("u"),
            ["Access:TrustForwardedFor"] = "true",
        }).Build();

        AccessSettings settings = configuration.GetSection("Access").Get<AccessSettings>()!;
        var table = new TokenTable(settings);

        Assert.True(settings.TrustForwardedFor);
        Assert.Equal(("ci", AccessRole.Scan), (table.Find("t")!.Name, Assert.Single(table.Find("t")!.Roles)));
        Assert.Equal(("token 1", AccessRole.Read), (table.Find("u")!.Name, Assert.Single(table.Find("u")!.Roles)));
    }

    internal static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static TokenTable TableOf(params AccessToken[] tokens) => new(new AccessSettings { Tokens = tokens });
}
