using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Models;
using AfirGen.Api.Drafting.Statutes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AfirGen.Tests.Drafting;

public sealed class DraftingServicesTests
{
    [Fact]
    public void Everything_resolves_and_the_station_is_bound()
    {
        using var services = Services(("AfirGen:Station:Code", "KTW-1"), ("AfirGen:Station:Name", "Kotwali"));

        Assert.Equal("extractive", services.GetRequiredService<ExtractiveDraftingModel>().Name);
        Assert.Equal(StatuteIndex.ExpectedSectionCount, services.GetRequiredService<StatuteIndex>().SectionCount);
        Assert.IsType<FirRenderer>(services.GetRequiredService<IFirRenderer>());
        Assert.Equal("Kotwali", services.GetRequiredService<IOptions<StationOptions>>().Value.Name);
        Assert.Null(services.GetService<IDraftingModel>());
    }

    [Fact]
    public void A_station_code_that_cannot_stand_in_a_serial_is_refused()
    {
        using var services = Services(("AfirGen:Station:Code", "P/S 1"));

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<StationOptions>>().Value);
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings) =>
        new ServiceCollection()
            .AddDrafting(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build())
            .BuildServiceProvider();
}
