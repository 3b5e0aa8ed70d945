using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;

namespace ImageScan.Core.Tests.Scans.Suppression;

public sealed class ExceptionChecksTests
{
    private static readonly NewException Deferral = new()
    {
        Target = ExceptionTarget.Deferred,
        Cves = ["CVE-1"],
        Comment = "why",
        Scope = ExceptionScope.AllImages,
        Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time),
    };

    [Fact]
    public void TakesADeferralWithAllItNeeds() => ExceptionChecks.EnsureValid(Deferral);

    [Fact]
    public void TakesAFalsePositiveWithoutAnEnd() => ExceptionChecks.EnsureValid(Deferral with { Target = ExceptionTarget.FalsePositive, Expiry = null });

    [Fact]
    public void WantsAComment() => Refuses(Deferral with { Comment = "" }, "vulnerability exception must have at least one comment");

    [Fact]
    public void WantsTheEndOfADeferral() =>
        Refuses(Deferral with { Expiry = null }, "vulnerability deferral request invalid. Deferral expiry not provided");

    [Fact]
    public void WantsAScope() => Refuses(Deferral with { Scope = null }, "vulnerability exception must have scope");

    [Fact]
    public void WantsTheRegistryOfAScope() =>
        Refuses(Deferral with { Scope = new ExceptionScope("", "app", "1") }, "vulnerability exception with image scope must have image registry");

    [Fact]
    public void WantsTheRemoteOfAScope() =>
        Refuses(Deferral with { Scope = new ExceptionScope("quay.io", "", "1") }, "vulnerability exception with image scope must have image name");

    [Fact]
    public void WantsCves() => Refuses(Deferral with { Cves = [] }, "request must indicate the vulnerabilities for which request is opened");

    [Theory]
    [InlineData("quay.io", "App", ".*", "quay.io/App")]
    [InlineData("quay.io", "app", "a b", "quay.io/app:a b")]
    [InlineData(".*", "app", "1", ".*/app:1")]
    [InlineData(".*", ".*", "1", ".*/.*:1")]
    [InlineData("quay.io", "a\u202eb", "1", "quay.io/a?b:1")]
    public void WantsAScopeThatCanBeTheNameOfAnImage(string registry, string remote, string tag, string shown) =>
        Refuses(Deferral with { Scope = new ExceptionScope(registry, remote, tag) }, $"vulnerability exception has invalid image scope {shown}");

    [Theory]
    [InlineData("quay.io", "app", "1")]
    [InlineData("quay.io", "app", ".*")]
    [InlineData("quay.io", "app", "")]
    [InlineData("docker.io", "library/nginx", "1.27")]
    [InlineData("localhost:5000", "app", "1")]
    [InlineData("quay.io", ".*", ".*")]
    [InlineData(".*", "app", ".*")]
    [InlineData(".*", ".*", ".*")]
    public void TakesScopesThatStackRoxTakes(string registry, string remote, string tag) =>
        ExceptionChecks.EnsureValid(Deferral with { Scope = new ExceptionScope(registry, remote, tag) });

    [Fact]
    public void TakesEverywhereAsTheOlderApiSaysIt() => ExceptionChecks.EnsureValid(Deferral with { Scope = new ExceptionScope("", "", "") { IsStatedGlobal = true } });

    [Fact]
    public void SaysAllThatIsWrongInStackRoxOrder()
    {
        string message = MessageOf(() => ExceptionChecks.EnsureValid(new NewException { Target = ExceptionTarget.Deferred, Cves = [], Comment = "" }));

        Assert.Equal(
            "invalid arguments:  errors: [vulnerability exception must have at least one comment, "
                + "vulnerability deferral request invalid. Deferral expiry not provided, vulnerability exception must have scope, "
                + "request must indicate the vulnerabilities for which request is opened]: invalid arguments",
            message);
    }

    [Fact]
    public void WantsACommentWithAnUpdate() =>
        Assert.Equal("invalid arguments: comment is required", MessageOf(() => ExceptionChecks.EnsureValidUpdate("", new ExceptionUpdate(["CVE-1"], null))));

    [Fact]
    public void WantsCvesInAnUpdate() => Assert.Equal(
        "invalid arguments: all CVEs cannot be removed from the request",
        MessageOf(() => ExceptionChecks.EnsureValidUpdate("why", new ExceptionUpdate([], null))));

    [Fact]
    public void WantsACommentWithADecision() =>
        Assert.Equal("comment must be provided: invalid arguments", MessageOf(() => ExceptionChecks.EnsureDecisionComment("")));

    [Fact]
    public void BoundsWhatIsKept()
    {
        string[] many = [.. Enumerable.Range(0, ExceptionBounds.Cves + 1).Select(i => $"CVE-{i}")];

        ExceptionChecks.EnsureValid(Deferral with { Cves = many[1..] });
        Assert.Equal("at most 1000 CVEs may be given at once, not 1001: invalid arguments", MessageOf(() => ExceptionChecks.EnsureValid(Deferral with { Cves = many })));
        Assert.Equal(
            "the name of a CVE may have at most 256 characters: invalid arguments",
            MessageOf(() => ExceptionChecks.EnsureValid(Deferral with { Cves = [new string('x', 257)] })));
        Assert.Equal(
            "a comment may have at most 2000 characters: invalid arguments",
            MessageOf(() => ExceptionChecks.EnsureValid(Deferral with { Comment = new string('x', 2_001) })));
        Assert.Equal(
            "a part of a scope may have at most 512 characters: invalid arguments",
            MessageOf(() => ExceptionChecks.EnsureValid(Deferral with { Scope = new ExceptionScope(new string('x', 513), ".*", ".*") })));
    }

    private static void Refuses(NewException asked, string reason) =>
        Assert.Equal($"invalid arguments:  error: {reason}: invalid arguments", MessageOf(() => ExceptionChecks.EnsureValid(asked)));

    private static string MessageOf(Action check)
    {
        var refusal = Assert.Throws<SuppressionRefusedException>(check);
        Assert.Equal(SuppressionRefusal.Invalid, refusal.Refusal);
        return refusal.Message;
    }
}
