using System.Security.Cryptography;
using ImageScan.Core.Storage.Sealing;

namespace ImageScan.Core.Tests.Storage;

public sealed class SecretSealerTests
{
    private static readonly SealedPlace Place = new("ImageIntegrations", "integrations", "one", "SealedPassword");

    private static SecretKey Key(string version) => new() { Version = version, Key = Convert.ToBase64String(SHA256.HashData([(byte)version[0]])) };

    private static SecretSealer SealerOf(params SecretKey[] keys) => new(new SecretSettings { Keys = keys });

    [Theory]
    [InlineData("hunter2")]
    [InlineData("")]
    [InlineData("pässword : with \0 and 🐋")]
    public void OpensWhatItSealed(string secret)
    {
        SecretSealer sealer = SealerOf(Key("a"));

        string text = sealer.Seal(secret, Place);

        Assert.Equal(secret, sealer.Open(text, Place));
        Assert.StartsWith("gcm1:a:", text, StringComparison.Ordinal);
        Assert.True(secret.Length == 0 || !text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void SealsTheSameTwiceInTwoWays()
    {
        SecretSealer sealer = SealerOf(Key("a"));

        Assert.NotEqual(sealer.Seal("hunter2", Place), sealer.Seal("hunter2", Place));
    }

    [Fact]
    public void OpensNowhereElse()
    {
        SecretSealer sealer = SealerOf(Key("a"));
        string text = sealer.Seal("hunter2", Place);

        Assert.All(
            [Place with { Table = "Other" }, Place with { Partition = "other" }, Place with { Row = "two" }, Place with { Field = "SealedApiKey" }],
            place => Assert.Throws<SealedException>(() => sealer.Open(text, place)));
    }

    [Fact]
    public void OpensNothingThatWasChanged()
    {
        SecretSealer sealer = SealerOf(Key("a"));
        string[] parts = sealer.Seal("hunter2", Place).Split(':');
        byte[] bytes = Convert.FromBase64String(parts[2]);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 1;

            Assert.Throws<SealedException>(() => sealer.Open($"gcm1:a:{Convert.ToBase64String(changed)}", Place));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("gcm1:a")]
    [InlineData("gcm1:a:")]
    [InlineData("gcm1:a:AAAA")]
    [InlineData("gcm1:a:%%%%")]
    [InlineData("gcm2:a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("gcm1:a:AAAA:AAAA")]
    public void SaysOfAnythingElseThatItWasNotSealedHere(string text) =>
        Assert.Contains("nothing that was sealed here", Assert.Throws<SealedException>(() => SealerOf(Key("a")).Open(text, Place)).Message, StringComparison.Ordinal);

    [Fact]
    public void SealsWithTheFirstKeyAndOpensWithAll()
    {
        string old = SealerOf(Key("a")).Seal("hunter2", Place);
        SecretSealer both = SealerOf(Key("b"), Key("a"));

        Assert.Equal("hunter2", both.Open(old, Place));
        Assert.StartsWith("gcm1:b:", both.Seal("hunter2", Place), StringComparison.Ordinal);
    }

    [Fact]
    public void NamesTheVersionAndTheSettingOfAKeyThatIsGone()
    {
        string old = SealerOf(Key("a")).Seal("hunter2", Place);

        string message = Assert.Throws<SealedException>(() => SealerOf(Key("b")).Open(old, Place)).Message;

        Assert.Contains("key \"a\"", message, StringComparison.Ordinal);
        Assert.Contains("Secrets__Keys__N__Version", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SealsNothingWithoutAKey()
    {
        SecretSealer none = SealerOf(new SecretKey());

        Assert.False(none.CanSeal);
        Assert.Contains("Secrets__Keys__0__Key", Assert.Throws<SealedException>(() => none.Seal("hunter2", Place)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "AAAA", "Secrets__Keys__0__Version")]
    [InlineData("a:b", "AAAA", "Secrets__Keys__0__Version")]
    [InlineData("a", "c2VjcmV0LWtleQ==", "Secrets__Keys__0__Key")]
    [InlineData("a", "no base64, but secret-key", "Secrets__Keys__0__Key")]
    public void RefusesKeysThatCannotBeWithoutShowingThem(string version, string key, string setting)
    {
        var settings = new SecretSettings { Keys = [new SecretKey { Version = version, Key = key }] };

        string message = Assert.Throws<SettingException>(() => new SecretSealer(settings)).Message;

        Assert.Contains(setting, message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", $"{settings.Keys[0]}", StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesTwoKeysOfOneVersion() => Assert.Contains(
        "Secrets__Keys__1__Version", Assert.Throws<SettingException>(() => SealerOf(Key("a"), Key("a"))).Message, StringComparison.Ordinal);
}
