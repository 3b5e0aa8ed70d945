using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.GenerateTokenRequest</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/api_token_service.proto).</summary>
/// <param name="Name">What the token is called.</param>
/// <param name="Role">Its only role; deprecated in StackRox.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Expiration">When its time is over; null for a year from now.</param>
public sealed record GenerateTokenRequest(string Name, string Role, IReadOnlyList<string> Roles, DateTimeOffset? Expiration)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<GenerateTokenRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new GenerateTokenRequest(body.Text("name"), body.Text("role"), body.Texts("roles"), body.Moment("expiration"));
    }
}
