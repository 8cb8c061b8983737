using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Models;
using AfirGen.Api.Drafting.Statutes;

namespace AfirGen.Api.Drafting;

internal static class DraftingServices
{
    /// <summary>Statutes, form and the embedded model. Which <see cref="IDraftingModel"/> drafts is chosen elsewhere.</summary>
    public static IServiceCollection AddDrafting(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<StationOptions>(configuration, StationOptions.Section);
        return services
            .AddSingleton<StatuteTable>()
            .AddSingleton<StatuteIndex>()
            .AddSingleton<IFirRenderer, FirRenderer>()
            .AddSingleton<ExtractiveDraftingModel>();
    }
}
