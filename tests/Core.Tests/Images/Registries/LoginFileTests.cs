using System.Text;
using System.Text.Json;
using CsCheck;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Logins as docker, podman and Kubernetes write them.</summary>
public sealed class LoginFileTests
{
    [Theory]
    [InlineData("""{"auths":{"r.io":{"auth":"bWU6c2VjcmV0"}}}""", "r.io", "me secret")]
    [InlineData("""{"auths":{"r.io":{"username":"me","password":"secret"}}}""", "r.io", "me secret")]
    [InlineData("""{"auths":{"r.io":{"username":"x","password":"x","auth":"bWU6c2VjcmV0"}}}""", "r.io", "me secret")]
    [InlineData("""{"auths":{"R.io":{"username":"me"}}}""", "r.IO", "me ")]
    [InlineData("""{"auths":{"http://r.io":{"username":"me"}}}""", "r.io", "me ")]
    [InlineData("""{"auths":{"https://r.io/v1/":{"username":"me"}}}""", "r.io", "me ")]
    [InlineData("""{"auths":{"https://r.io/v2":{"username":"me"}}}""", "r.io", "me ")]
    [InlineData("""{"auths":{"https://r.io/v2/team/":{"username":"me"}}}""", "r.io", "me ")]
    [InlineData("""{"auths":{"r.io:5000":{"username":"me"}}}""", "r.io:5000", "me ")]
    [InlineData("""{"auths":{"r.io":{"username":"me"}}}""", "r.io:5000", null)]
    [InlineData("""{"auths":{"r.io:5000":{"username":"me"}}}""", "r.io", null)]
    [InlineData("""{"auths":{"https://index.docker.io/v1/":{"username":"me"}}}""", "docker.io", "me ")]
    [InlineData("""{"auths":{"registry-1.docker.io":{"username":"me"}}}""", "docker.io", "me ")]
    // A .dockercfg, as Kubernetes still takes it.
    [InlineData("""{"r.io":{"auth":"bWU6c2VjcmV0","email":"me@example.com"}}""", "r.io", "me secret")]
    [InlineData("""{"https://index.docker.io/v1/":{"auth":"bWU6c2VjcmV0"}}""", "docker.io", "me secret")]
    // Files of docker have much else in them.
    [InlineData("""{"HttpHeaders":{"User-Agent":"x"},"proxies":{"default":{"httpProxy":"x"}},"currentContext":"r.io"}""", "default", null)]
    [InlineData("""{"auths":{"r.io":{}}}""", "r.io", null)]
    [InlineData("""{"auths":{"":{"username":"me"}}}""", "", null)]
    [InlineData("""{"auths":{"r.io":"me"}}""", "r.io", null)]
    public void FindsTheLoginOfARegistry(string json, string registry, string? expected) =>
        Assert.Equal(expected, Parse(json).LoginFor(registry, "team/app") is { } login ? $"{login.Username} {login.Password}" : null);

    [Theory]
    [InlineData("team/app", "exact")]
    [InlineData("team/app/more", "exact")]
    [InlineData("team/other", "team")]
    [InlineData("teammate/app", "all")]
    [InlineData("else", "all")]
    public void TakesTheLongestPath(string repository, string expected)
    {
        var file = Parse("""{"auths":{"r.io":{"username":"all"},"r.io/team":{"username":"team"},"r.io/team/app":{"username":"exact"}}}""");

        Assert.Equal(expected, file.LoginFor("r.io", repository)!.Username);
    }

    // https://kubernetes.io/docs/concepts/containers/images/#config-json
    [Theory]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "A.EXAMPLE.COM", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "a.b.example.com", false)]
    [InlineData("*.*.example.com", "a.b.example.com", true)]
    [InlineData("prefix.*.io", "prefix.x.io", true)]
    [InlineData("*-good.example.com", "very-good.example.com", true)]
    [InlineData("*-good.example.com", "bad.example.com", false)]
    [InlineData("r?.example.com", "r1.example.com", true)]
    [InlineData("*.example.com:5000", "a.example.com:5000", true)]
    [InlineData("*.example.com:5000", "a.example.com", false)]
    [InlineData("*.example.com", "a.example.com:5000", false)]
    [InlineData("https://*.example.com/v1/", "a.example.com", true)]
    [InlineData("*", "example", true)]
    [InlineData("*", "example.com", false)]
    [InlineData("*.example.com", "a.example.com.thief.io", false)]
    public void MatchesHostsLabelByLabel(string pattern, string registry, bool matches) =>
        Assert.Equal(matches, Parse($$"""{"auths":{"{{pattern}}":{"username":"me"} } }""").LoginFor(registry, "app") is not null);

    [Fact]
    public void TakesAHostThatIsWrittenOutBeforeAPattern()
    {
        var file = Parse("""{"auths":{"*.example.com":{"username":"any"},"a.example.com":{"username":"a"},"*.example.com/team":{"username":"team"}}}""");

        Assert.Equal(["a", "any", "team"], new[] { ("a.example.com", "x"), ("b.example.com", "x"), ("a.example.com", "team/x") }
            .Select(asked => file.LoginFor(asked.Item1, asked.Item2)!.Username));
    }

    [Fact]
    public void ReadsTokensOfBothKinds()
    {
        var file = Parse("""{"auths":{"a.io":{"identitytoken":"id"},"b.io":{"registrytoken":"bearer"},"c.io":{"registrytoken":"no\r\nheader"}}}""");

        Assert.Equal("id", file.LoginFor("a.io", "app")!.IdentityToken);
        Assert.Equal("bearer", file.LoginFor("b.io", "app")!.RegistryToken);
        Assert.Null(file.LoginFor("c.io", "app"));
    }

    [Fact]
    public void KnowsWhoseLoginsAProgramKeeps()
    {
        var file = Parse("""{"credHelpers":{"r.io":"one","https://index.docker.io/v1/":"two","x.io":5,"p.io/team":"three"},"credsStore":"all"}""");

        Assert.Equal(("one", "two", null, "all", true), (file.HelperFor("r.io"), file.HelperFor("docker.io"), file.HelperFor("x.io"), file.Store, file.HasHelpers));
        Assert.Null(file.HelperFor("p.io"));
        Assert.False(Parse("""{"auths":{},"credsStore":""}""").HasHelpers);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("")]
    public void RefusesWhatIsNoObject(string json) => Assert.ThrowsAny<JsonException>(() => Parse(json));

    [Fact]
    public void SurvivesAnyMembers() =>
        Gen.Char["{}[]\":,abiosthu.*/\\ud8005"].Array[0, 60].Sample(characters =>
        {
            try
            {
                Parse($$"""{"auths":{{new string(characters)}}}""").LoginFor("r.io", "app");
            }
            catch (JsonException)
            {
                // No JSON: said so, as promised.
            }
        });

    private static LoginFile Parse(string json) => LoginFile.Parse(Encoding.UTF8.GetBytes(json));
}
