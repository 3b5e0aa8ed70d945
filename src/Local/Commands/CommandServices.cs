using ImageScan.Core;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.Local.Credentials;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Local.Commands;

/// <summary>Whether a command may use and leave results in the storage account.</summary>
internal enum Memory
{
    /// <summary>Of an archive no registry has said that it bears its name: its results are nobody else's.</summary>
    None,
    IfConfigured,
}

/// <summary>
/// What a command that scans once needs: the settings from the environment, the user's own docker credentials, and, if
/// <c>AzureWebJobsStorage</c> is set, what earlier scans left there.
/// </summary>
internal static class CommandServices
{
    public static ServiceProvider Create(Memory memory)
    {
        IConfiguration configuration = Configuration();
        var services = new ServiceCollection();
        services.AddSingleton<CredentialLookup>(UserCredentials.Lookup());
        services.AddSingleton(Composition.RegistryClientSettingsOf(configuration) with { AllowLoopbackRegistries = true });
        if (memory == Memory.None || string.IsNullOrEmpty(configuration["AzureWebJobsStorage"]))
        {
            services.AddImageReading(configuration);
        }
        else
        {
            services.AddImageScan(configuration, AccessMode.Tokens);
        }

        return services.BuildServiceProvider();
    }

    /// <summary>What answers hold. Throws <see cref="SettingException"/>.</summary>
    public static ApiSettings ApiSettings() => SettingsSection.Read<ApiSettings>(Configuration(), "Api");

    /// <summary>The feeds by the settings. Throws <see cref="SettingException"/>.</summary>
    public static FeedChoices FeedChoices() => Composition.FeedChoicesOf(Configuration());

    /// <summary>The settings of the environment.</summary>
    public static IConfiguration Configuration() => new ConfigurationBuilder().AddEnvironmentVariables().Build();
}
