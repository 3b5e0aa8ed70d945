using System.Text;
using System.Text.Json;

namespace ImageScan.Core.Images.Registries;

/// <summary>The logins of the setting <c>RegistryClient__DockerConfigJson</c>.</summary>
internal static class SettingLogins
{
    private const string Name = "RegistryClient__DockerConfigJson";

    /// <summary>The file that the setting holds; null if it is empty. Throws <see cref="FormatException"/> that tells nothing of what is in it.</summary>
    public static LoginFile? Read(string json)
    {
        if (json.Length == 0)
        {
            return null;
        }

        if (Encoding.UTF8.GetByteCount(json) > LoginFile.MaxBytes)
        {
            throw new FormatException($"{Name} is longer than {LoginFile.MaxBytes} bytes.");
        }

        try
        {
            var file = LoginFile.Parse(Encoding.UTF8.GetBytes(json));
            return !file.HasHelpers
                ? file
                : throw new FormatException(
                    $"{Name} is of a kind that only the command line reads: it names programs that keep logins (credsStore, credHelpers)."
                    + " Put the logins themselves into auths.");
        }
        catch (JsonException e)
        {
            throw new FormatException(
                $"{Name} is no JSON object as in docker's config.json (line {(e.LineNumber ?? 0) + 1});"
                + " it must be the text itself, not the name of a file.");
        }
    }

    /// <summary>Looks into the setting first, then where others do. Throws <see cref="FormatException"/> as <see cref="Read"/> does.</summary>
    public static CredentialLookup Before(CredentialLookup others, string json) => Read(json) is not { } file
        ? others
        : async (registry, repository, cancellationToken) =>
            file.LoginFor(registry, repository) ?? await others(registry, repository, cancellationToken);
}
