using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>
/// Whether an integration works: its registry is asked with its secrets, through the same guarded client by which images are read. Says what kind of thing
/// went wrong and what mends it, with nothing of what the other side answered or of what names and addresses there are in our network; the log has that.
/// </summary>
public sealed class IntegrationTest(RegistryClient client, TimeProvider time, ILogger<IntegrationTest> logger)
{
    /// <summary>The longest a test takes, all its requests together.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Throws <see cref="ImageIntegrationRefusedException"/> if it does not work.</summary>
    /// <param name="integration">It, with its secrets, after <see cref="ImageIntegrations.PrepareAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RunAsync(ImageIntegration integration, CancellationToken cancellationToken)
    {
        if (integration.Categories.Contains(IntegrationCategory.Registry))
        {
            await RunRegistryAsync(integration, cancellationToken);
            return;
        }

        // This app is the scanner that its answers name, and asks no other.
        if (integration.Type != IntegrationTypes.ScannerV4)
        {
            string kind = integration.Categories.Contains(IntegrationCategory.Scanner) ? "image scanner" : "node scanner";
            throw Refused(kind, $"scanner with type '{HostileText.Plain(integration.Type)}' is not used: vulnerabilities are found here");
        }
    }

    private async Task RunRegistryAsync(ImageIntegration integration, CancellationToken cancellationToken)
    {
        if (IntegrationAccount.ReasonNotToUse(integration, time.GetUtcNow()) is { } reason)
        {
            throw Refused("registry", $"{reason}; with skipTestIntegration it is kept, but not used");
        }

        RegistryAccount account = IntegrationAccount.Of(integration, integration.Secrets, stamp: "", problem: null);
        using var timeout = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await client.TestAsync(account, PathFor(integration, account), either.Token);
        }
        catch (RegistryException failure)
        {
            logger.LogWarning("Integration test failed {IntegrationId} {Registry}: {Reason}", integration.Id, account.Host, failure.Message);
            throw Refused("registry", failure.StatusCode is { } code ? TextOf(integration, account, code) : TextOf(failure.Failure));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Refused("registry", $"no answer within {Longest.TotalSeconds:0} seconds");
        }
    }

    // Quay wants a login for /v2/ from everybody (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/registries/quay/quay.go). StackRox asks for its
    // discovery also where there is a robot, whose password then goes untested.
    private static string PathFor(ImageIntegration integration, RegistryAccount account) =>
        IsQuayWithoutLogin(integration, account) ? "api/v1/discovery" : "v2/";

    private static bool IsQuayWithoutLogin(ImageIntegration integration, RegistryAccount account) =>
        integration.Type == IntegrationTypes.Quay && account.Credential is null;

    private static string TextOf(ImageIntegration integration, RegistryAccount account, int code) =>
        IsQuayWithoutLogin(integration, account)
            ? $"received http status code {code} from Quay; check Central logs for the full error"
            : $"error testing {(integration.Type == IntegrationTypes.Ecr ? "ECR " : "")}integration (code: {code}). Please check Central logs for full error";

    // Without an answer that has a code. Whoever may ask for a test may not thereby learn what a name resolves to.
    private static string TextOf(RegistryFailure failure) => failure switch
    {
        RegistryFailure.Unavailable => "the registry cannot be reached: look at its endpoint, which begins with http:// if the registry speaks plain http;"
            + " for a certificate of its own set certificateAuthority or insecure",
        RegistryFailure.AddressRefused => "the registry, or what it points at, is at an address that is not asked: list a registry of our own network in the"
            + " settings, Registries__N__Host and Registries__N__AllowPrivateAddress",
        RegistryFailure.AccountUnusable => "its login cannot be used: look at its secrets, or at the identity of this app and what that may do",
        _ => "what answers is no registry, or points where nobody follows: look at its endpoint",
    } + "; the log says more";

    private static ImageIntegrationRefusedException Refused(string kind, string message) =>
        ImageIntegrationChecks.Wrong($"{kind} integration: {message}: invalid arguments");
}
