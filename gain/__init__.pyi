"""What `import gain` offers, by module; `gain/__init__.py` loads each name on first use."""

from .absorption_plots import plot_cross_sections as plot_cross_sections
from .absorption_plots import plot_sizing as plot_sizing
from .ase import (
    AseThreshold as AseThreshold,
)
from .ase import (
    ase_threshold as ase_threshold,
)
from .ase import (
    biexciton_inversion_threshold as biexciton_inversion_threshold,
)
from .ase import (
    minimum_concentration_per_cm3 as minimum_concentration_per_cm3,
)
from .ase_plots import (
    plot_ase_spectra as plot_ase_spectra,
)
from .ase_plots import (
    plot_ase_threshold as plot_ase_threshold,
)
from .ase_plots import (
    plot_stripe_length as plot_stripe_length,
)
from .ase_stripe import (
    AseStripe as AseStripe,
)
from .ase_stripe import (
    amplified_emission as amplified_emission,
)
from .ase_stripe import (
    equal_emission_kappa as equal_emission_kappa,
)
from .bleach_decay import BleachDecay as BleachDecay
from .bleach_fit import BleachFit as BleachFit
from .bleach_fit import fit_bleach_decay as fit_bleach_decay
from .carrier_plasma import (
    effective_density_per_cm2 as effective_density_per_cm2,
)
from .carrier_plasma import (
    fermi_level_over_kt as fermi_level_over_kt,
)
from .carrier_plasma import (
    transparency_density_per_cm2 as transparency_density_per_cm2,
)
from .cdznse_table import CDZNSE_TABLE as CDZNSE_TABLE
from .cdznse_table import TABLE_FLAGS as TABLE_FLAGS
from .competition_plots import (
    plot_mode_competition as plot_mode_competition,
)
from .competition_plots import (
    plot_output_spectra as plot_output_spectra,
)
from .competition_predictions import COMPETITION_RANGES as COMPETITION_RANGES
from .competition_predictions import competition_map as competition_map
from .coupled_oscillators import (
    CavityPhoton as CavityPhoton,
)
from .coupled_oscillators import (
    CoupledOscillators as CoupledOscillators,
)
from .coupled_oscillators import (
    Exciton as Exciton,
)
from .cuvette_paper import cuvette_verdicts as cuvette_verdicts
from .cuvette_spectrum import CuvetteSpectra as CuvetteSpectra
from .cuvette_spectrum import cuvette_spectra as cuvette_spectra
from .cuvette_spectrum_plot import plot_cuvette_spectra as plot_cuvette_spectra
from .cw_cuvette import (
    CwCuvette as CwCuvette,
)
from .cw_cuvette import (
    cdznse_cuvette as cdznse_cuvette,
)
from .cw_cuvette import (
    number_density_per_cm3 as number_density_per_cm3,
)
from .cw_cuvette_plots import (
    plot_cuvette_range as plot_cuvette_range,
)
from .cw_cuvette_plots import (
    plot_cuvette_signals as plot_cuvette_signals,
)
from .cw_cuvette_range import CuvetteRange as CuvetteRange
from .cw_cuvette_range import cuvette_range as cuvette_range
from .cw_cuvette_result import CuvetteResponse as CuvetteResponse
from .cw_cuvette_result import pump_cuvette as pump_cuvette
from .cw_laser import CwLaserCurve as CwLaserCurve
from .cw_laser import steady_laser as steady_laser
from .cw_threshold import (
    ase_intensity_w_per_cm2 as ase_intensity_w_per_cm2,
)
from .cw_threshold import (
    transparency_intensity_w_per_cm2 as transparency_intensity_w_per_cm2,
)
from .depleted_pump import (
    depleted_mean as depleted_mean,
)
from .depleted_pump import (
    depleted_populations as depleted_populations,
)
from .depleted_threshold import beer_lambert_profile as beer_lambert_profile
from .dispersion_fit import fit_dispersion as fit_dispersion
from .dispersion_fit_result import DispersionFit as DispersionFit
from .dispersion_map import DispersionMap as DispersionMap
from .dispersion_map import emission_map as emission_map
from .dispersion_peaks import DispersionPeaks as DispersionPeaks
from .dispersion_peaks import find_peaks as find_peaks
from .dynamic_threshold import (
    DynamicThreshold as DynamicThreshold,
)
from .dynamic_threshold import (
    net_gain_threshold as net_gain_threshold,
)
from .ensemble import (
    SizeClass as SizeClass,
)
from .ensemble import (
    homogeneous_line as homogeneous_line,
)
from .ensemble import (
    size_classes as size_classes,
)
from .ensemble import (
    with_size_dispersion as with_size_dispersion,
)
from .exciton_kinetics import ExcitonKinetics as ExcitonKinetics
from .exciton_kinetics import auger_factor as auger_factor
from .gain_film import GainFilm as GainFilm
from .holding_box import HoldingBox as HoldingBox
from .holding_box import find_holding_box as find_holding_box
from .hole_burning import (
    field_profile as field_profile,
)
from .hole_burning import (
    standing_wave_profile as standing_wave_profile,
)
from .kinetics_presets import (
    kinetics_names as kinetics_names,
)
from .kinetics_presets import (
    kinetics_preset as kinetics_preset,
)
from .kinetics_presets import (
    kinetics_provenance as kinetics_provenance,
)
from .ladder_spectrum import (
    LadderSpectrum as LadderSpectrum,
)
from .ladder_spectrum import (
    ladder_cross_sections as ladder_cross_sections,
)
from .laser_batch import LaserRuns as LaserRuns
from .laser_batch import run_lasers as run_lasers
from .laser_dynamics import simulate_laser as simulate_laser
from .laser_model import (
    LaserModel as LaserModel,
)
from .laser_model import (
    fuchtbauer_ladenburg_cross_section_cm2 as fuchtbauer_ladenburg_cross_section_cm2,
)
from .laser_modes import LaserModes as LaserModes
from .laser_plots import (
    plot_cw_laser as plot_cw_laser,
)
from .laser_plots import (
    plot_laser_trace as plot_laser_trace,
)
from .laser_plots import (
    plot_light_light_curve as plot_light_light_curve,
)
from .laser_trace import LaserTrace as LaserTrace
from .lasing_threshold import (
    ThresholdResult as ThresholdResult,
)
from .lasing_threshold import (
    absorbed_photons_at_threshold as absorbed_photons_at_threshold,
)
from .lasing_threshold import (
    threshold as threshold,
)
from .light_light_curve import (
    LightLightCurve as LightLightCurve,
)
from .light_light_curve import (
    light_light as light_light,
)
from .light_light_curve import (
    linear_threshold as linear_threshold,
)
from .light_light_curve import (
    slope_threshold as slope_threshold,
)
from .line_shape import GaussianLine as GaussianLine
from .line_shape import TabulatedLine as TabulatedLine
from .media_plots import (
    plot_averaged_populations as plot_averaged_populations,
)
from .media_plots import (
    plot_ensemble_lines as plot_ensemble_lines,
)
from .media_plots import (
    plot_plasma_gain as plot_plasma_gain,
)
from .medium_temperature import TemperatureLaw as TemperatureLaw
from .medium_temperature import medium_at_temperature as medium_at_temperature
from .merit import (
    figure_of_merit as figure_of_merit,
)
from .merit import (
    lineic_loss_per_cm as lineic_loss_per_cm,
)
from .merit import (
    photon_lifetime_ps as photon_lifetime_ps,
)
from .merit import (
    quality_factor_for as quality_factor_for,
)
from .merit_curve import (
    BranchJump as BranchJump,
)
from .merit_curve import (
    ThresholdCurve as ThresholdCurve,
)
from .merit_curve import (
    branch_jump as branch_jump,
)
from .merit_curve import (
    gain_window as gain_window,
)
from .merit_curve import (
    threshold_curve as threshold_curve,
)
from .mode_competition import (
    ModeCompetition as ModeCompetition,
)
from .mode_competition import (
    leading_redshift_map as leading_redshift_map,
)
from .mode_competition import (
    mode_shares as mode_shares,
)
from .mode_overlap import modal_overlap as modal_overlap
from .monoexciton_paper import monoexciton_verdicts as monoexciton_verdicts
from .monte_carlo import (
    CavityPopulation as CavityPopulation,
)
from .monte_carlo import (
    LasingCloud as LasingCloud,
)
from .monte_carlo import (
    free_spectral_range_nm as free_spectral_range_nm,
)
from .monte_carlo import (
    lasing_cloud as lasing_cloud,
)
from .nanocrystal_absorption import LayeredNanocrystal as LayeredNanocrystal
from .nanocrystal_medium import (
    BackgroundTable as BackgroundTable,
)
from .nanocrystal_medium import (
    NanocrystalMedium as NanocrystalMedium,
)
from .nanocrystal_samples import (
    nanocrystal as nanocrystal,
)
from .nanocrystal_samples import (
    pump_at as pump_at,
)
from .nanocrystal_samples import (
    pump_cross_section_cm2 as pump_cross_section_cm2,
)
from .nanocrystal_samples import (
    quantum_shell as quantum_shell,
)
from .nanocrystal_samples import (
    sample_provenance as sample_provenance,
)
from .nanocrystal_sizing import (
    cdse_diameter_nm as cdse_diameter_nm,
)
from .nanocrystal_sizing import (
    cdse_extinction_per_m_cm as cdse_extinction_per_m_cm,
)
from .nanocrystal_sizing import (
    cdse_peak_cross_section_cm2 as cdse_peak_cross_section_cm2,
)
from .nanocrystal_sizing import (
    cross_section_from_extinction_cm2 as cross_section_from_extinction_cm2,
)
from .nonuniform_pump import (
    ExcitationProfile as ExcitationProfile,
)
from .nonuniform_pump import (
    depth_profile as depth_profile,
)
from .nonuniform_pump import (
    gaussian_disk_profile as gaussian_disk_profile,
)
from .nonuniform_pump import (
    gaussian_rim_profile as gaussian_rim_profile,
)
from .output_spectrum import OutputSpectra as OutputSpectra
from .output_spectrum import output_spectra as output_spectra
from .paper_verdict import (
    PaperVerdict as PaperVerdict,
)
from .paper_verdict import (
    verdict_frame as verdict_frame,
)
from .paper_verdict import (
    verdict_text as verdict_text,
)
from .plasma_gain import PlasmaMedium as PlasmaMedium
from .plasma_gain import plasma_shells as plasma_shells
from .platelets import coherence_areas as coherence_areas
from .polariton_blueshift import (
    BlueshiftFit as BlueshiftFit,
)
from .polariton_blueshift import (
    bleached_fraction as bleached_fraction,
)
from .polariton_blueshift import (
    fit_blueshift as fit_blueshift,
)
from .polariton_blueshift import (
    largest_blueshift_mev as largest_blueshift_mev,
)
from .polariton_blueshift import (
    mean_field_blueshift_mev as mean_field_blueshift_mev,
)
from .polariton_blueshift import (
    rabi_splitting_at_blueshift_mev as rabi_splitting_at_blueshift_mev,
)
from .polariton_blueshift import (
    saturation_blueshift_mev as saturation_blueshift_mev,
)
from .polariton_branches import PolaritonBranches as PolaritonBranches
from .polariton_laser import (
    PolaritonLaser as PolaritonLaser,
)
from .polariton_laser import (
    condensate_occupation as condensate_occupation,
)
from .polariton_laser_plots import (
    plot_blueshift as plot_blueshift,
)
from .polariton_laser_plots import (
    plot_lifetime as plot_lifetime,
)
from .polariton_laser_plots import (
    plot_linewidth as plot_linewidth,
)
from .polariton_laser_plots import (
    plot_occupation as plot_occupation,
)
from .polariton_laser_plots import (
    plot_polarization as plot_polarization,
)
from .polariton_laser_plots import (
    plot_pulses as plot_pulses,
)
from .polariton_laser_plots import (
    plot_s_curve as plot_s_curve,
)
from .polariton_occupation import (
    OccupationFit as OccupationFit,
)
from .polariton_occupation import (
    bose_einstein as bose_einstein,
)
from .polariton_occupation import (
    fit_occupation as fit_occupation,
)
from .polariton_occupation import (
    maxwell_boltzmann as maxwell_boltzmann,
)
from .polariton_occupation import (
    occupation_from_emission as occupation_from_emission,
)
from .polariton_paper import (
    absorbed_photons_per_dot as absorbed_photons_per_dot,
)
from .polariton_paper import (
    paper_laser as paper_laser,
)
from .polariton_paper import (
    paper_oscillators as paper_oscillators,
)
from .polariton_paper import (
    photon_laser_threshold as photon_laser_threshold,
)
from .polariton_paper_verdicts import polariton_paper_verdicts as polariton_paper_verdicts
from .polariton_plots import (
    plot_dispersion as plot_dispersion,
)
from .polariton_plots import (
    plot_dispersion_fit as plot_dispersion_fit,
)
from .polariton_plots import (
    plot_dispersion_map as plot_dispersion_map,
)
from .polariton_plots import (
    plot_hopfield_weights as plot_hopfield_weights,
)
from .polariton_pulse import LifetimeCurve as LifetimeCurve
from .polariton_pulse import PolaritonPulse as PolaritonPulse
from .polarization_degree import (
    PolarizationFit as PolarizationFit,
)
from .polarization_degree import (
    degree_of_polarization as degree_of_polarization,
)
from .polarization_degree import (
    fit_polarization as fit_polarization,
)
from .polarization_degree import (
    intensity_ratio as intensity_ratio,
)
from .population_dynamics import evolve_populations as evolve_populations
from .population_plots import plot_populations as plot_populations
from .population_trace import PopulationTrace as PopulationTrace
from .populations import (
    poisson_populations as poisson_populations,
)
from .populations import (
    population_inversion as population_inversion,
)
from .populations import (
    relaxed_populations as relaxed_populations,
)
from .presets import (
    nanoplatelets as nanoplatelets,
)
from .presets import (
    preset as preset,
)
from .presets import (
    provenance as provenance,
)
from .presets import (
    pump_532 as pump_532,
)
from .presets import (
    quantum_dots as quantum_dots,
)
from .presets import (
    quantum_shells as quantum_shells,
)
from .pulse_shape import (
    ContinuousPump as ContinuousPump,
)
from .pulse_shape import (
    GaussianPulse as GaussianPulse,
)
from .pulse_shape import (
    InstantPulse as InstantPulse,
)
from .pulse_shape import (
    RectangularPulse as RectangularPulse,
)
from .pulse_shape import (
    Sech2Pulse as Sech2Pulse,
)
from .pulse_shape import (
    TabulatedPulse as TabulatedPulse,
)
from .pulse_train import PulseTrain as PulseTrain
from .pump import Pump as Pump
from .pump import gaussian_overlap as gaussian_overlap
from .quantum_shell_paper import quantum_shell_verdicts as quantum_shell_verdicts
from .s_curve import SCurveFit as SCurveFit
from .s_curve import fit_s_curve as fit_s_curve
from .sensitivity_map import (
    ParameterRange as ParameterRange,
)
from .sensitivity_map import (
    SensitivityMap as SensitivityMap,
)
from .sensitivity_map import (
    map_sensitivity as map_sensitivity,
)
from .sensitivity_plots import (
    plot_claim_by_parameter as plot_claim_by_parameter,
)
from .sensitivity_plots import (
    plot_sensitivity_map as plot_sensitivity_map,
)
from .size_resolved_threshold import size_resolved_photons as size_resolved_photons
from .spectral_shift import Shift as Shift
from .spectrum_plots import (
    plot_gain_spectra as plot_gain_spectra,
)
from .spectrum_plots import (
    plot_gain_versus_pump as plot_gain_versus_pump,
)
from .spot import Spot as Spot
from .static_predictions import (
    LOW_QUALITY_RANGES as LOW_QUALITY_RANGES,
)
from .static_predictions import (
    SINGLE_EXCITON_RANGES as SINGLE_EXCITON_RANGES,
)
from .static_predictions import (
    lases_blue as lases_blue,
)
from .static_predictions import (
    redshift_is_10_to_25_nm as redshift_is_10_to_25_nm,
)
from .static_predictions import (
    shells_with as shells_with,
)
from .stripe_length import (
    StripeLengthFit as StripeLengthFit,
)
from .stripe_length import (
    fit_stripe_length as fit_stripe_length,
)
from .stripe_length import (
    stripe_length_intensity as stripe_length_intensity,
)
from .stripe_spectrum import (
    AseSpectrum as AseSpectrum,
)
from .stripe_spectrum import (
    ase_spectrum as ase_spectrum,
)
from .stripe_spectrum import (
    spontaneous_spectrum as spontaneous_spectrum,
)
from .strong_coupling import (
    ExceptionalPoint as ExceptionalPoint,
)
from .strong_coupling import (
    StrongCoupling as StrongCoupling,
)
from .strong_coupling import (
    exceptional_point as exceptional_point,
)
from .strong_coupling import (
    strong_coupling_criteria as strong_coupling_criteria,
)
from .threshold_batch import ThresholdBatch as ThresholdBatch
from .threshold_batch import batch_thresholds as batch_thresholds
from .threshold_plots import (
    plot_gain_and_losses as plot_gain_and_losses,
)
from .threshold_plots import (
    plot_lasing_cloud as plot_lasing_cloud,
)
from .threshold_plots import (
    plot_lasing_wavelength_curve as plot_lasing_wavelength_curve,
)
from .threshold_plots import (
    plot_mode_thresholds as plot_mode_thresholds,
)
from .threshold_plots import (
    plot_threshold_curve as plot_threshold_curve,
)
from .transient_absorption import (
    TransientAbsorption as TransientAbsorption,
)
from .transient_absorption import (
    excited_absorbance_ratio as excited_absorbance_ratio,
)
from .transient_absorption import (
    pump_probe_map as pump_probe_map,
)
from .transient_plots import (
    plot_bleach_fit as plot_bleach_fit,
)
from .transient_plots import (
    plot_transient_absorption as plot_transient_absorption,
)
from .trion import (
    ChargedMedium as ChargedMedium,
)
from .trion import (
    charged as charged,
)
from .trion import (
    transparency_photons as transparency_photons,
)
from .trion import (
    trion_provenance as trion_provenance,
)
from .two_mirror import TwoMirrorResonator as TwoMirrorResonator
from .two_photon import TwoPhotonPump as TwoPhotonPump
from .two_photon_paper import two_photon_verdicts as two_photon_verdicts
