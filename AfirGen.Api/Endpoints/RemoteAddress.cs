using System.Net;
using System.Net.Sockets;

namespace AfirGen.Api.Endpoints;

/// <summary>The other end of the connection. Headers that name another one are not believed: anybody can send them.</summary>
internal static class RemoteAddress
{
    private const int BytesOfAnIPv6Network = 8;

    /// <returns>"" when there is none: a Unix socket.</returns>
    public static string Of(HttpContext context) =>
        context.Connection.RemoteIpAddress switch
        {
            null => "",
            { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
            var address => address.ToString(),
        };

    /// <summary>What one sender can choose addresses from: of IPv6 the first half, which a household has as a whole.</summary>
    public static string NetworkOf(string address) =>
        IPAddress.TryParse(address, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(ip.GetAddressBytes().AsSpan(0, BytesOfAnIPv6Network))
            : address;
}
