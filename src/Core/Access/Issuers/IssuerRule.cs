using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ImageScan.Core.Access.Issuers;

/// <summary>One entry of <c>Access__Issuers</c>, or of a webhook's issuers, checked.</summary>
internal sealed partial class IssuerRule
{
    // Every repository of the world can have tokens of this issuer
    // (https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect).
    private const string GitHub = "https://token.actions.githubusercontent.com";

    // So can everybody with an account of Google; whose one it is says the number, the address or the organisation
    // (https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload).
    private const string Google = "https://accounts.google.com";

    // Claims of GitHub's that nobody else's repository has; an environment or a branch may be called the same everywhere.
    private static readonly string[] OwnersOnGitHub = ["repository", "repository_id", "repository_owner", "repository_owner_id"];

    private readonly Regex? _pattern;

    // What a subject must begin with, whatever alternatives and quantifiers the pattern has.
    private readonly string _beginning = "";

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
        string issuer = settings.Issuer.TrimEnd('/');
        if (issuer == GitHub && settings.SubjectPattern.Length > 0 && !OwnersOnGitHub.Contains(settings.Claim))
        {
            _beginning = OwnerOf(settings.SubjectPattern, setting);
        }

        if (issuer == Google && !settings.SubjectPattern.All(char.IsAsciiDigit) && settings.Claim is not ("email" or "hd"))
        {
            throw new FormatException(
                $"{setting}__SubjectPattern lets everybody at Google in; set {setting}__Subject to the number of one account, or Claim to email or hd.");
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

    private bool FitsSubject(string subject) =>
        _pattern is null ? subject == Settings.Subject : subject.StartsWith(_beginning, StringComparison.Ordinal) && _pattern.IsMatch(subject);

    // The owner as the pattern begins with it. One of two owners would shut the second out, so it is refused.
    private static string OwnerOf(string pattern, string setting)
    {
        Match[] owners = [.. OwnerInPattern().Matches(pattern).Cast<Match>()];
        return owners.Length == 0 || owners[0].Index > 0
            ? throw new FormatException($"{setting}__SubjectPattern lets every repository on GitHub in; begin it with repo:OWNER/, the owner in full.")
            : owners.All(owner => owner.Value == owners[0].Value) ? owners[0].Value
            : throw new FormatException($"{setting}__SubjectPattern names several owners on GitHub; give each an entry of its own.");
    }

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

    // As subjects begin by default, and as their owners may have them begin
    // (https://docs.github.com/actions/reference/security/oidc#customizing-the-token-claims).
    [GeneratedRegex("(?:repo|repository):[A-Za-z0-9_@-]+/|repository_owner:[A-Za-z0-9_-]+:|repository(?:_owner)?_id:[0-9]+:")]
    private static partial Regex OwnerInPattern();
}
