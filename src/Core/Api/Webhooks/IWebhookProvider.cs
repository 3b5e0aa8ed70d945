namespace ImageScan.Core.Api.Webhooks;

/// <summary>One kind of sender of webhooks: what its events look like, and how it can prove that they are its own.</summary>
public interface IWebhookProvider
{
    /// <summary>Its name in the route and in <c>Webhooks__NAME__*</c>: small letters and digits.</summary>
    string Name { get; }

    /// <summary>What it can prove itself by; the settings say which of these is expected.</summary>
    WebhookProof Proof { get; }

    /// <summary>The header with its HMAC-SHA256 of the body in hexadecimal digits, with or without <c>sha256=</c> before them; "" if it has none.</summary>
    string SignatureHeader => "";

    /// <summary>
    /// The header with the Unix time of the request, if that is a part of what is signed: the time, a dot and the body. Such a request counts once, and for
    /// <see cref="WebhookLimits.ReplaySeconds"/>. "" if the body alone is signed.
    /// </summary>
    string TimestampHeader => "";

    /// <summary>The one registry that it speaks for by its nature, as <c>docker.io</c>; "" if that is for the settings to say.</summary>
    string Registry => "";

    /// <summary>What a request says. Throws <see cref="FormatException"/>, with what was expected, for one that is no request of this sender at all.</summary>
    WebhookReading Read(WebhookMessage message);
}

/// <summary>By what a sender of webhooks can prove itself.</summary>
[Flags]
public enum WebhookProof
{
    None = 0,

    /// <summary>The secret in the header Authorization, by itself or behind <c>Bearer</c>, or as the password of <c>Basic</c>.</summary>
    Header = 1,

    /// <summary>The secret as the last part of the path, where nothing but an address can be configured.</summary>
    Path = 2,

    /// <summary>An HMAC of the body (<see cref="IWebhookProvider.SignatureHeader"/>).</summary>
    Signature = 4,

    /// <summary>A JWT of an issuer of the settings, behind <c>Bearer</c>.</summary>
    Jwt = 8,
}
