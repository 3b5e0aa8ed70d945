using CsCheck;
using ImageScan.Core.Api.Badges;
using ImageScan.Core.Images;
using ImageScan.Core.Tests.Scans;

namespace ImageScan.Core.Tests.Api.Badges;

public sealed class BadgeLinksTests
{
    private static readonly string First = new('a', 32);
    private static readonly string Second = new('b', 32);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ImageReference Image = MadeScan.Reference();

    [Fact]
    public void HoldForTheImageThatTheyAreOf()
    {
        BadgeLinks links = Links(First);
        (string sig, string exp) = Parts(links.PathOf(Image, until: null));

        Assert.Equal(TimeSpan.MaxValue, links.RemainingOf(Image, sig, exp, Now));
        Assert.Null(links.RemainingOf(MadeScan.Reference(tag: "1.28"), sig, exp, Now));
        Assert.Null(Links(Second).RemainingOf(Image, sig, exp, Now));
        Assert.StartsWith("v1/badge/docker.io/library/nginx:1.27?sig=", links.PathOf(Image, until: null), StringComparison.Ordinal);
    }

    [Fact]
    public void EndWhenTheySay()
    {
        BadgeLinks links = Links(First);
        (string sig, string exp) = Parts(links.PathOf(Image, Now.AddMinutes(1)));

        Assert.Equal(TimeSpan.FromMinutes(1), links.RemainingOf(Image, sig, exp, Now));
        Assert.Null(links.RemainingOf(Image, sig, exp, Now.AddMinutes(1)));
        Assert.Null(links.RemainingOf(Image, sig, "", Now));
        Assert.Null(links.RemainingOf(Image, sig, $"{exp}0", Now));
    }

    [Fact]
    public void HoldWhileTheirKeyIsOneOfThem()
    {
        (string sig, string exp) = Parts(Links(First).PathOf(Image, until: null));

        Assert.NotNull(Links(Second, First).RemainingOf(Image, sig, exp, Now));
        Assert.NotEqual(sig, Parts(Links(Second, First).PathOf(Image, until: null)).Sig);
    }

    [Fact]
    public void AreNothingWithoutAKey()
    {
        BadgeLinks links = Links("");

        Assert.False(links.HasKeys);
        Assert.Null(links.RemainingOf(Image, new string('A', 43), "", Now));
        Assert.Throws<InvalidOperationException>(() => links.PathOf(Image, until: null));
    }

    [Theory]
    [InlineData("short", "Badges__Keys__1__Secret has 5 characters")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/badges)", "Badges__Keys__1__Secret is a reference to Key Vault")]
    public void RefuseAKeyThatCanBeGuessed(string secret, string says)
    {
        SettingException refused = Assert.Throws<SettingException>(() => Links(First, secret));

        Assert.StartsWith(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AreNotOpenedByAnyText() => Gen.Select(Gen.String[0, 60], Gen.String[0, 20])
        .Sample((signature, expiry) => Assert.Null(Links(First).RemainingOf(Image, signature, expiry, Now)));

    [Fact]
    public void AreNotOpenedByOneBitLess()
    {
        BadgeLinks links = Links(First);
        string sig = Parts(links.PathOf(Image, until: null)).Sig;

        Assert.All(Enumerable.Range(0, sig.Length), place => Assert.Null(
            links.RemainingOf(Image, $"{sig[..place]}{(sig[place] == 'A' ? 'Q' : 'A')}{sig[(place + 1)..]}", "", Now)));
    }

    private static BadgeLinks Links(params string[] secrets) => new(new BadgeSettings { Keys = [.. secrets.Select(secret => new BadgeKey { Secret = secret })] });

    private static (string Sig, string Exp) Parts(string path)
    {
        Dictionary<string, string> query = path.Split('?')[1].Split('&').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return (query["sig"], query.GetValueOrDefault("exp", ""));
    }
}
