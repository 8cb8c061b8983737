using AfirGen.Api.Endpoints;
using Microsoft.Extensions.Configuration;

namespace AfirGen.Tests.Durability;

/// <summary>Without an API key the service may listen on loopback only, so what counts as loopback must be right.</summary>
public sealed class ListeningAddressTests
{
    [Theory]
    [InlineData("http://localhost:8000")]
    [InlineData("http://LOCALHOST:8000")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("https://127.0.0.2:8443")]
    [InlineData("http://[::1]:8000")]
    [InlineData("http://[::ffff:127.0.0.1]:8000")]
    [InlineData("http://unix:/run/afirgen.sock")]
    [InlineData("http://localhost:8000;http://127.0.0.1:8001")]
    [InlineData("")]
    public void These_are_reached_from_this_machine_only(string urls) => Assert.Null(NotLoopback(("urls", urls)));

    [Theory]
    [InlineData("http://0.0.0.0:8000")]
    [InlineData("http://[::]:8000")]
    [InlineData("http://*:8000")]
    [InlineData("http://+:8000")]
    [InlineData("http://afirgen:8000")]
    [InlineData("http://192.168.0.10:8000")]
    [InlineData("http://localhost.example.org:8000")]
    [InlineData("http://127.0.0.1.example.org:8000")]
    [InlineData("http://localhost@example.org:8000")]
    [InlineData("nonsense")]
    public void These_may_be_reached_from_elsewhere(string url)
    {
        Assert.Equal(url, NotLoopback(("urls", url)));
        Assert.Equal(url, NotLoopback(("urls", $"http://localhost:8000; {url}")));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost", true)]
    [InlineData("afirgen.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.1.2.3", true)]
    [InlineData("[::1]", true)]
    [InlineData("localhost.example.org", false)]
    [InlineData("mylocalhost", false)]
    [InlineData("127.0.0.1.example.org", false)]
    [InlineData("192.168.0.10", false)]
    [InlineData("[::2]", false)]
    [InlineData("", false)]
    public void A_name_is_this_machine_only_where_no_name_server_is_asked(string name, bool own) =>
        Assert.Equal(own, ListeningAddresses.IsLoopbackName(name));

    [Fact]
    public void Ports_alone_are_open_to_everyone()
    {
        Assert.Equal("http://*:8080", NotLoopback(("http_ports", "8080")));
        Assert.Equal("http://*:8443", NotLoopback(("https_ports", "8443")));
        Assert.Null(NotLoopback(("http_ports", "8080"), ("urls", "http://localhost:8000")));
    }

    [Fact]
    public void Kestrels_own_endpoints_come_first_as_they_do_in_the_server()
    {
        Assert.Equal("http://0.0.0.0:1", NotLoopback(("Kestrel:Endpoints:A:Url", "http://0.0.0.0:1"), ("urls", "http://localhost:8000")));
        Assert.Null(NotLoopback(("Kestrel:Endpoints:A:Url", "http://localhost:1"), ("urls", "http://0.0.0.0:8000")));
    }

    private static string? NotLoopback(params (string Key, string Value)[] settings) =>
        ListeningAddresses.NotLoopback(
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build()
        );
}
