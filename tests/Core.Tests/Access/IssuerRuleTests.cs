using ImageScan.Core.Access;
using ImageScan.Core.Access.Issuers;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ImageScan.Core.Tests.Access;

/// <summary>Issuers whose tokens everybody can have.</summary>
public sealed class IssuerRuleTests
{
    public const string GitHub = "https://token.actions.githubusercontent.com";

    private const string Google = "https://accounts.google.com";

    [Theory]
    [InlineData("repo:octo/.*", "", "")]
    [InlineData("repo:octo-org/app:ref:refs/heads/(main|release)", "environment", "production")]
    [InlineData("repo:octo@1234/app@5678:.*", "", "")]
    [InlineData("repo:octo/app:.*|repo:octo/lib:.*", "", "")]
    [InlineData("repository_owner:octo:.*", "", "")]
    [InlineData("repository_id:1234:.*", "", "")]
    [InlineData(".*", "repository_owner", "octo")]
    [InlineData("repo:.*", "repository_id", "1234")]
    public void TakesAPatternOfOneOwnerOnGitHub(string pattern, string claim, string value) =>
        Assert.Equal(pattern, RuleOf(GitHub, pattern, claim, value).Settings.SubjectPattern);

    [Theory]
    [InlineData(".*", "environment", "production")]
    [InlineData(".*", "ref", "refs/heads/main")]
    [InlineData("repo:octo-org.*", "", "")]
    [InlineData("repo:.*/deploy:.*", "", "")]
    [InlineData("(repo:octo/.*)?.*", "", "")]
    [InlineData(".*repo:octo/.*", "", "")]
    [InlineData("repo:octo/.*|repo:octo-evil/.*", "", "")]
    public void RefusesAPatternOfSeveralOwnersOnGitHub(string pattern, string claim, string value) => Assert.StartsWith(
        "Access__Issuers__0__SubjectPattern ",
        Assert.Throws<FormatException>(() => RuleOf(GitHub, pattern, claim, value)).Message,
        StringComparison.Ordinal);

    // What follows the owner in a pattern can undo it.
    [Theory]
    [InlineData("repo:octo/?.*")]
    [InlineData("repo:octo/{0}.*")]
    [InlineData("repo:octo/app|.*")]
    public void HoldsSubjectsToTheOwner(string pattern)
    {
        IssuerRule rule = RuleOf(GitHub, pattern, "", "");

        Assert.True(rule.Fits(TokenOf("repo:octo/app")));
        Assert.False(rule.Fits(TokenOf("repo:octo-evil/app")));
    }

    [Theory]
    [InlineData("110169484474386276334", "", "")]
    [InlineData(".+", "email", "scanner@project.iam.gserviceaccount.com")]
    [InlineData(".+", "hd", "example.com")]
    public void TakesOneAccountOrOrganisationOfGoogle(string pattern, string claim, string value) =>
        Assert.Equal(pattern, RuleOf(Google, pattern, claim, value).Settings.SubjectPattern);

    [Theory]
    [InlineData(".+", "", "")]
    [InlineData("1.*", "", "")]
    [InlineData(".+", "email_verified", "true")]
    public void RefusesEverybodyAtGoogle(string pattern, string claim, string value) => Assert.StartsWith(
        "Access__Issuers__0__SubjectPattern lets everybody at Google in",
        Assert.Throws<FormatException>(() => RuleOf(Google, pattern, claim, value)).Message,
        StringComparison.Ordinal);

    private static IssuerRule RuleOf(string issuer, string pattern, string claim, string value) => new(
        new AccessIssuer { Issuer = issuer, Audience = "a", SubjectPattern = pattern, Claim = claim, ClaimValue = value }, "Access__Issuers__0");

    private static JsonWebToken TokenOf(string subject) => new("""{"alg":"RS256"}""", $$"""{"sub":"{{subject}}"}""");
}
