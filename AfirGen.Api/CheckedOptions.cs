using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AfirGen.Api;

/// <summary>Options that are checked at start, so that a wrong value stops it with one line that names the setting.</summary>
internal static class CheckedOptions
{
    /// <summary>Binds a section and checks the annotations of its options.</summary>
    public static void AddCheckedOptions<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class =>
        services.AddOptions<T>().Bind(configuration.GetSection(section)).ValidateWith(options => Problem(section, options));

    /// <summary>Stops the start with the one line that <paramref name="problem"/> returns, if any.</summary>
    public static void ValidateWith<TOptions>(this OptionsBuilder<TOptions> builder, Func<TOptions, string?> problem)
        where TOptions : class
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new OneLineValidation<TOptions>(problem));
        builder.ValidateOnStart();
    }

    private static string? Problem(string section, object options)
    {
        var results = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new(options), results, validateAllProperties: true)
            ? null
            : string.Join(" ", results.Select(result => $"{section}:{result.MemberNames.FirstOrDefault()}: {result.ErrorMessage}"));
    }

    private sealed class OneLineValidation<TOptions>(Func<TOptions, string?> problem) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            problem(options) is { } message ? ValidateOptionsResult.Fail(message) : ValidateOptionsResult.Success;
    }
}
