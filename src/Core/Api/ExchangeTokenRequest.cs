using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.ExchangeAuthMachineToMachineTokenRequest</c>.</summary>
/// <param name="IdToken">A JWT of a configured issuer.</param>
public sealed record ExchangeTokenRequest(string IdToken)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<ExchangeTokenRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        new((await RequestBody.ReadAsync(request, cancellationToken)).Text("idToken"));
}
