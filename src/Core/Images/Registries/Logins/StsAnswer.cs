using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// What the Security Token Service answers, in XML
/// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html).
/// </summary>
internal static class StsAnswer
{
    private const int MaxCharacters = 64 * 1024;

    /// <summary>The keys and when they end; null if they are not in it.</summary>
    public static (AwsKeys Keys, DateTimeOffset Expires)? KeysIn(byte[] body)
    {
        XElement? credentials = Read(body)?.Descendants().FirstOrDefault(element => element.Name.LocalName == "Credentials");
        var keys = new AwsKeys(TextOf(credentials, "AccessKeyId"), TextOf(credentials, "SecretAccessKey"), TextOf(credentials, "SessionToken"));
        bool hasEnd = DateTimeOffset.TryParse(
            TextOf(credentials, "Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expires);
        return hasEnd && keys.AccessKeyId.Length > 0 && keys.SecretAccessKey.Length > 0 && AwsCredentials.CanBeHeaders(keys) ? (keys, expires) : null;
    }

    /// <summary>The code and the message of an error; "" for what it does not say.</summary>
    public static (string Code, string Message) ErrorIn(byte[] body)
    {
        XElement? error = Read(body)?.Descendants().FirstOrDefault(element => element.Name.LocalName == "Error");
        return (TextOf(error, "Code"), TextOf(error, "Message"));
    }

    // Nothing that the document itself declares is read: no entities, no other documents.
    private static XElement? Read(byte[] body)
    {
        var rules = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), rules);
            return XDocument.Load(reader).Root;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string TextOf(XElement? element, string name) =>
        element?.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value.Trim() ?? "";
}
