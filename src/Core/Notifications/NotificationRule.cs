using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries.Logins;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Notifications;

/// <summary>One rule, as it is gone by: who is told of which findings of which images, and when.</summary>
public sealed class NotificationRule
{
    private const int MaxNameCharacters = 64;

    // Topics of Azure, of Azure in China and of Azure for the government (https://learn.microsoft.com/azure/event-grid/edge/event-handlers).
    private static readonly string[] TopicEnds = [".eventgrid.azure.net", ".eventgrid.azure.cn", ".eventgrid.azure.us"];

    private readonly NotificationSettings _settings;
    private readonly IReadOnlySet<NotificationOccasion> _occasions;

    private NotificationRule(NotificationSettings settings, Uri? address, IReadOnlySet<NotificationOccasion> occasions, ImagePatterns images)
    {
        (_settings, Address, _occasions, Images) = (settings, address, occasions, images);
    }

    public string Name => _settings.Name;

    public NotificationType Type => _settings.Type;

    /// <summary>Where it is sent; null for what goes to the image's registry. Its path and query may be secrets.</summary>
    public Uri? Address { get; }

    public string Secret => _settings.Secret;

    public string ClientId => _settings.ClientId;

    public Severity MinSeverity => _settings.MinSeverity;

    public bool AllowsPrivateAddress => _settings.AllowPrivateAddress;

    /// <summary>Whether an image passes of which something could not be read or compared.</summary>
    public bool AllowsPartial => _settings.AllowPartial;

    public ImagePatterns Images { get; }

    /// <summary>Whether it asks to be told then.</summary>
    public bool IsFor(NotificationOccasion occasion) => _occasions.Contains(occasion);

    /// <summary>Whether it asks for such a finding.</summary>
    public bool Wants(ChangedFinding finding) => finding.Severity >= MinSeverity && (!_settings.FixableOnly || finding.FixedBy is not null);

    // Neither the secret nor an address that is one.
    public override string ToString() => $"NotificationRule {HostileText.Plain(Name)}";

    /// <summary>
    /// Reads the settings of a rule. Throws <see cref="SettingException"/>, which names the setting and never says what an address or a secret is.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="section">What they are called: <c>Notifications__0</c>.</param>
    internal static NotificationRule Of(NotificationSettings settings, string section)
    {
        if (settings.Name.Length is 0 or > MaxNameCharacters || settings.Name.Any(char.IsControl))
        {
            throw new SettingException($"{section}__Name is {HostileText.Quote(settings.Name)}; it must be a name of at most {MaxNameCharacters} characters.");
        }

        bool isVerdict = settings.Type == NotificationType.AcrQuarantine;
        Uri? address = isVerdict ? NoAddress(settings, section) : AddressOf(settings, section);
        CheckSecret(settings, section);
        ImagePatterns images = ImagesOf(settings, section);
        return new NotificationRule(
            settings, address, isVerdict ? new HashSet<NotificationOccasion> { NotificationOccasion.Verdict } : OccasionsOf(settings, section), images);
    }

    private static Uri? NoAddress(NotificationSettings settings, string section) => settings.Url.Length == 0
        ? null
        : throw new SettingException($"{section}__Url is set; a verdict goes to the registry of the image, as Registries__N says.");

    private static Uri AddressOf(NotificationSettings settings, string section)
    {
        SecretSetting.RefuseUnresolved(settings.Url, $"{section}__Url");
        string schemes = settings.AllowPrivateAddress ? "https or http" : "https";
        Uri address = Uri.TryCreate(UrlOf(settings), UriKind.Absolute, out Uri? given)
            && (given.Scheme == Uri.UriSchemeHttps || (settings.AllowPrivateAddress && given.Scheme == Uri.UriSchemeHttp))
            && given is { UserInfo: "", Fragment: "" }
                ? given
                : throw new SettingException($"{section}__Url is no address of {schemes}, without a user name and a fragment.");

        // With a token for Event Grid whoever gets it could send to every topic that the app's identity may send to.
        return settings is { Type: NotificationType.EventGrid, Secret: "" } && !IsTopic(address) && !CloudHosts.IsThisMachine(address)
            ? throw new SettingException(
                $"{section}__Url is no https address below {string.Join(" or ", TopicEnds)}; the app's identity goes nowhere else, so set {section}__Secret.")
            : address;
    }

    private static bool IsTopic(Uri address) => address.Scheme == Uri.UriSchemeHttps
        && Array.Exists(TopicEnds, end => address.IdnHost.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    // Topics take events under a version of their API (https://learn.microsoft.com/azure/event-grid/post-to-custom-topic#endpoint), which the portal's endpoint
    // does not name.
    private static string UrlOf(NotificationSettings settings) =>
        settings.Type == NotificationType.EventGrid && settings.Url.Length > 0 && !settings.Url.Contains('?')
            ? $"{settings.Url}?api-version=2018-01-01"
            : settings.Url;

    private static void CheckSecret(NotificationSettings settings, string section)
    {
        SecretSetting.RefuseUnresolved(settings.Secret, $"{section}__Secret");
        if (settings.Type == NotificationType.Webhook && settings.Secret.Length < SecretSetting.MinCharacters)
        {
            throw new SettingException(
                $"{section}__Secret has {settings.Secret.Length} characters; a webhook is signed with it, so it has {SecretSetting.MinCharacters} at least.");
        }

        if (settings.Type is not (NotificationType.Webhook or NotificationType.EventGrid) && settings.Secret.Length > 0)
        {
            throw new SettingException($"{section}__Secret is set, but {settings.Type} has no use for it.");
        }

        // It becomes a header.
        if (settings.Secret.Any(character => character is < ' ' or > '~') && settings.Type == NotificationType.EventGrid)
        {
            throw new SettingException($"{section}__Secret is no access key of Event Grid.");
        }
    }

    private static HashSet<NotificationOccasion> OccasionsOf(NotificationSettings settings, string section)
    {
        NotificationOccasion[] known = [NotificationOccasion.NewFindings, NotificationOccasion.Changes, NotificationOccasion.EveryScan];
        var occasions = new HashSet<NotificationOccasion>();
        foreach (string name in settings.On.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int at = Array.FindIndex(known, occasion => occasion.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));
            occasions.Add(at >= 0 ? known[at] : throw Wrong());
        }

        return occasions.Count > 0 ? occasions : throw Wrong();

        SettingException Wrong() =>
            new($"{section}__On is {HostileText.Quote(settings.On)}; it must be some of {string.Join(", ", known)}, separated by commas.");
    }

    private static ImagePatterns ImagesOf(NotificationSettings settings, string section)
    {
        ImagePatterns images;
        try
        {
            images = ImagePatterns.Of(settings.Images);
        }
        catch (FormatException wrong)
        {
            throw new SettingException($"{section}__Images: {wrong.Message}.");
        }

        // A verdict is a change in somebody's registry: which ones these are is written down.
        bool namesHosts = images.Texts.Count > 0 && images.Texts.All(text => text.IndexOf('/') is > 0 and var slash && !text[..slash].Contains('*'));
        return settings.Type != NotificationType.AcrQuarantine || namesHosts
            ? images
            : throw new SettingException($"{section}__Images must name the registries whose images are judged: registry.azurecr.io/*.");
    }
}
