using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ImageScan.Core.Access.Issuers;

/// <summary>One entry of <c>Access__Issuers</c>, or of a webhook's issuers, checked.</summary>
internal sealed class IssuerRule
{
    // Every repository of the world can have tokens of this issuer
    // (https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect).
    private const string GitHub = "https://token.actions.githubusercontent.com";
    private const string SomebodyElse = "repo:somebody-else-4711/their-repository:ref:refs/heads/main";

    private readonly Regex? _pattern;

    /// <summary>Throws <see cref="FormatException"/>, naming the setting, for an entry that cannot be or that lets everybody in.</summary>
    public IssuerRule(AccessIssuer settings, string setting)
    {
        Settings = settings;
        if (!Uri.TryCreate(settings.Issuer, UriKind.Absolute, out Uri? address) || address.Query.Length > 0 || address.Fragment.Length > 0
            || !(address.Scheme == Uri.UriSchemeHttps || (settings.AllowPrivateAddress && address.Scheme == Uri.UriSchemeHttp)))
        {
            throw new FormatException($"{setting}__Issuer is '{settings.Issuer}'; it must be an https address, as it stands in the claim iss.");
        }

        if (settings.Audience.Length == 0)
        {
            throw new FormatException($"{setting}__Audience is empty; it must be what the claim aud says, or tokens made for others would do.");
        }

        if ((settings.Subject.Length > 0) == (settings.SubjectPattern.Length > 0))
        {
            throw new FormatException($"{setting} needs a Subject or a SubjectPattern, and not both.");
        }

        if ((settings.Claim.Length > 0) != (settings.ClaimValue.Length > 0))
        {
            throw new FormatException($"{setting} needs both of Claim and ClaimValue, or neither.");
        }

        _pattern = settings.SubjectPattern.Length > 0 ? PatternOf(settings.SubjectPattern, setting) : null;
        if (settings.Issuer.TrimEnd('/') == GitHub && settings.Claim.Length == 0 && FitsSubject(SomebodyElse))
        {
            throw new FormatException($"{setting}__SubjectPattern lets every repository on GitHub in; begin it with repo:OWNER/.");
        }
    }

    public AccessIssuer Settings { get; }

    /// <summary>Whether a token of this issuer and audience has the role of the entry.</summary>
    public bool Fits(JsonWebToken token) =>
        FitsSubject(token.Subject)
        && (Settings.Claim.Length == 0 || token.Claims.Any(claim => claim.Type == Settings.Claim && claim.Value == Settings.ClaimValue))
        && !(Settings.Claim == "email" && SaysUnverified(token));

    // An address that its issuer has not verified is what anybody says (https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims); an issuer
    // that says nothing of it, as Entra ID, must be known to its operator.
    private static bool SaysUnverified(JsonWebToken token) =>
        token.Claims.Any(claim => claim.Type == "email_verified" && !claim.Value.Equals("true", StringComparison.OrdinalIgnoreCase));

    private bool FitsSubject(string subject) => _pattern?.IsMatch(subject) ?? subject == Settings.Subject;

    private static Regex PatternOf(string pattern, string setting)
    {
        const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        try
        {
            // By itself first: in brackets "a)|(b" would be a pattern, and one that is bound to neither end.
            _ = new Regex(pattern, Linear);
            return new Regex($@"\A(?:{pattern})\z", Linear);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{setting}__SubjectPattern is no regular expression without look-around and references back: {wrong.Message}");
        }
    }
}
