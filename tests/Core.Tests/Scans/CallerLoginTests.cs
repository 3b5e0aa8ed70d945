using System.Text;
using CsCheck;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Scans;

namespace ImageScan.Core.Tests.Scans;

public sealed class CallerLoginTests
{
    private static readonly Uri Home = new("https://harbor.example.com");

    private static string Base64(string pair) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    [Theory]
    [InlineData("Basic", "robot$scan", "secret")]
    [InlineData("basic", "robot$scan", "with:colons:and ünï")]
    [InlineData("BASIC", "", "")]
    public void ReadsBasic(string scheme, string name, string password)
    {
        Assert.True(new CallerLogin(Home, $"{scheme} {Base64($"{name}:{password}")}").TryRead(out RegistryCredential? credential, out _));

        Assert.Equal((name, password, ""), (credential.Username, credential.Password, credential.RegistryToken));
    }

    [Fact]
    public void ReadsBearerAsItStands()
    {
        Assert.True(new CallerLogin(Home, "Bearer eyJ.abc-_.x==").TryRead(out RegistryCredential? credential, out _));

        Assert.Equal("eyJ.abc-_.x==", credential.RegistryToken);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic secret")]
    [InlineData("Basic c2VjcmV0")] // no colon
    [InlineData("Basic /zpz")] // no UTF-8
    [InlineData("Negotiate secret")]
    [InlineData("Bearer secret\r\nX-Evil: 1")]
    [InlineData("Bearer sec ret")]
    [InlineData("Bearer sécret")]
    public void RefusesWhatIsNoLoginWithoutRepeatingIt(string authorization)
    {
        Assert.False(new CallerLogin(Home, authorization).TryRead(out _, out string? reason));

        Assert.DoesNotContain("secret", reason, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c2Vj", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesOneThatIsTooLong() =>
        Assert.False(new CallerLogin(Home, $"Bearer {new string('a', CallerLogin.MaxCharacters)}").TryRead(out _, out _));

    [Fact]
    public void NeverThrowsWhateverItIs() => Gen.String.Sample(text => { _ = new CallerLogin(Home, text).TryRead(out _, out _); });

    [Fact]
    public void IsNotPrinted() => Assert.DoesNotContain("secret", $"{new CallerLogin(Home, "Bearer secret")}", StringComparison.Ordinal);
}
