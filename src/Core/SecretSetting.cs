namespace ImageScan.Core;

/// <summary>What a secret of the settings must not be. Messages name the setting, and never say what it is.</summary>
internal static class SecretSetting
{
    /// <summary>
    /// Of what we sign with: keys of HMAC shorter than its hash are discouraged (https://www.rfc-editor.org/rfc/rfc2104#section-3); people write theirs as
    /// hex or base64, so this is what keeps the worst away.
    /// </summary>
    public const int MinCharacters = 16;

    // What App Service leaves in place of a reference that it could not resolve
    // (https://learn.microsoft.com/azure/app-service/app-service-key-vault-references).
    private const string UnresolvedReference = "@Microsoft.KeyVault(";

    /// <summary>Throws <see cref="SettingException"/> for a reference to Key Vault itself, which everybody knows who has seen the template.</summary>
    public static void RefuseUnresolved(string text, string name)
    {
        if (text.StartsWith(UnresolvedReference, StringComparison.OrdinalIgnoreCase))
        {
            throw new SettingException($"{name} is a reference to Key Vault that was not resolved; look at the identity of the app and its rights there.");
        }
    }

    /// <summary>Throws <see cref="SettingException"/> also for one that can be guessed; "" is none.</summary>
    public static void RefuseWeak(string secret, string name, int minCharacters)
    {
        RefuseUnresolved(secret, name);
        if (secret.Length > 0 && secret.Length < minCharacters)
        {
            throw new SettingException(
                $"{name} has {secret.Length} characters; it must have {minCharacters} at least, as openssl rand -hex 32 prints them.");
        }
    }
}
